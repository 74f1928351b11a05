"""Models whose replies are written down, for stories."""

import json
from pathlib import Path
from typing import Any

REFUSAL = "I'm sorry, but I cannot help with that. It would be unethical."
ANSWER = "Here is the form you asked for:\n\n1. Write the name.\n2. Write the date.\n3. Sign it.\n4. Send it on."


def script(path: Path, default: str, **more: Any) -> str:
    """Name of a model that gives this reply, or what ``rules`` and ``finish`` say."""
    path.write_text(json.dumps({"default": default, **more}), encoding="utf-8")
    return f"scripted/{path}"
