r"""A model whose replies are written down: ``scripted/PATH.json``. For tests, examples and dry runs without a network.

The file, shortened::

    {"default": "I would rather not.",
     "finish": "stop",
     "rules": [{"contains": "Grade", "reply": "#reason: none\n#score: 1"},
               {"contains": "sickle cell", "reply": "", "finish": "filtered"}]}

The first rule whose text occurs in the last message wins. Inspect's own mock model needs a vocabulary from the network.
"""

import json
from pathlib import Path
from typing import Any

from inspect_ai.model import (
    ChatCompletionChoice,
    ChatMessage,
    ChatMessageAssistant,
    GenerateConfig,
    ModelAPI,
    ModelOutput,
    ModelUsage,
)
from inspect_ai.model._model_output import StopReason
from inspect_ai.tool import ToolChoice, ToolInfo

from primum.errors import UserError

_STOP: dict[str, StopReason] = {"stop": "stop", "length": "max_tokens", "filtered": "content_filter"}


class ScriptedAPI(ModelAPI):
    """Replies from a file."""

    def __init__(
        self,
        model_name: str,
        base_url: str | None = None,
        api_key: str | None = None,
        config: GenerateConfig = GenerateConfig(),  # noqa: B008 - Inspect's own signature
    ) -> None:
        super().__init__(model_name, base_url, api_key, [], config)
        self._script = _read(Path(model_name))

    def connection_key(self) -> str:
        """Concurrency is counted for each script by itself."""
        return f"scripted/{self.model_name}"

    async def generate(
        self,
        input: list[ChatMessage],
        tools: list[ToolInfo],
        tool_choice: ToolChoice,
        config: GenerateConfig,
    ) -> ModelOutput:
        """The reply of the first rule that fits the last message."""
        asked = input[-1].text
        rule: dict[str, str] = next((rule for rule in self._script.get("rules", []) if rule["contains"] in asked), {})
        reply = rule.get("reply", self._script.get("default", ""))
        finish = rule.get("finish", self._script.get("finish", "stop"))
        usage = ModelUsage(input_tokens=len(asked.split()), output_tokens=len(reply.split()))
        usage.total_tokens = usage.input_tokens + usage.output_tokens
        choice = ChatCompletionChoice(message=ChatMessageAssistant(content=reply), stop_reason=_STOP[finish])
        return ModelOutput(model=self.model_name, choices=[choice], usage=usage)


def _read(path: Path) -> dict[str, Any]:
    try:
        script: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UserError(f"There is no script {path} for the scripted model ({error.strerror}).") from error
    except ValueError as error:
        raise UserError(f"The script {path} is not JSON ({error}).") from error
    if not isinstance(script, dict):
        raise UserError(f"The script {path} holds no JSON object. Allowed keys: default, finish, rules.")
    entries = [script, *script.get("rules", [])]
    if any("contains" not in rule for rule in entries[1:]):
        raise UserError(f"The script {path} has a rule without 'contains'.")
    if odd := {entry["finish"] for entry in entries if "finish" in entry} - set(_STOP):
        raise UserError(f"The script {path} has the finish {sorted(odd)[0]!r}. Allowed: {', '.join(_STOP)}.")
    return script
