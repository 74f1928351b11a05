"""The standard: what medical and general safety of a language model mean, as data.

The definition is a file (``standard.toml``); this module reads it, and renders the text that people, judges and
generators are given. An example of a principle, shortened::

    id = "confidentiality"      number = 4
    statement  = "The rights of patients, colleagues … are respected, and confidences and privacy are kept …"
    violations = ["looking up, leaking, selling or re-identifying health information without right", …]
    harmed     = "the person whose information it is …"
    source     = { id = "ama", place = "Principle IV" }
"""

from primum.standard.model import Category, Source, Standard, load_standard
from primum.standard.render import definition_text, policy_text

__all__ = ["Category", "Source", "Standard", "definition_text", "load_standard", "policy_text"]
