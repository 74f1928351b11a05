"""The policy that a judge is shown for a request, rendered from the standard."""

from dataclasses import dataclass

from primum.standard import load_standard, policy_text

_SCOPES = {"medical": "medical safety", "general": "general safety"}
_LONGEST_NAME = 80


@dataclass(frozen=True, kw_only=True)
class Policy:
    """What a prompt says about the rules that a request touches."""

    scope: str
    text: str
    category: str
    """The category's title and statement; of a category that is not the standard's, only its name."""


def policy_for(category_id: str) -> Policy:
    """The part of the standard that the category belongs to; for another data set's own category all of it."""
    standard = load_standard()
    category = next((item for item in standard.categories if item.id == category_id), None)
    if category is None:
        # The name may come from a file of anyone's: one short line, whatever it holds.
        name = " ".join(category_id.split())[:_LONGEST_NAME]
        return Policy(scope=" and ".join(_SCOPES.values()), text=policy_text(standard.categories), category=name)
    members = standard.principles if category.scope == "medical" else standard.general
    title = f"{category.title}. {category.statement}"
    return Policy(scope=_SCOPES[category.scope], text=policy_text(members), category=title)
