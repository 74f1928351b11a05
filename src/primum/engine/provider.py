"""The embedded engine as an Inspect model provider: ``gguf/smollm2-135m`` or ``gguf/PATH.gguf``."""

from functools import partial
from typing import Any, Literal

from anyio import CapacityLimiter, to_thread
from inspect_ai.model import (
    ChatCompletionChoice,
    ChatMessage,
    ChatMessageAssistant,
    GenerateConfig,
    ModelAPI,
    ModelOutput,
    ModelUsage,
)
from inspect_ai.tool import ToolChoice, ToolInfo

from primum.models import EngineSettings, LocalEngine, resolve_local
from primum.models.engine import Completion
from primum.types import Finish, Message

DEFAULT_MAX_TOKENS = 256
_STOP: dict[Finish, Literal["stop", "max_tokens", "unknown"]] = {Finish.STOP: "stop", Finish.LENGTH: "max_tokens"}


class GgufAPI(ModelAPI):
    """Answers in this process. Greedy unless a temperature is asked for."""

    def __init__(
        self,
        model_name: str,
        base_url: str | None = None,
        api_key: str | None = None,
        config: GenerateConfig = GenerateConfig(),  # noqa: B008 - Inspect's own signature
        slots: int = EngineSettings.slots,
        context: int = EngineSettings.context,
        threads: int = EngineSettings.threads,
    ) -> None:
        super().__init__(model_name, base_url, api_key, [], config)
        self._settings = EngineSettings(slots=slots, context=context, threads=threads)
        self._engine = LocalEngine(resolve_local(f"gguf/{model_name}"), self._settings)
        self._threads = CapacityLimiter(slots)

    def max_connections(self) -> int:
        """One request for each slot of the engine."""
        return self._settings.slots

    def connection_key(self) -> str:
        """Concurrency is counted for each model by itself."""
        return f"gguf/{self.model_name}"

    def max_tokens(self) -> int | None:
        """Limit where the caller sets none."""
        return DEFAULT_MAX_TOKENS

    def close(self) -> None:
        """Free the model's memory."""
        self._engine.close()

    async def generate(
        self,
        input: list[ChatMessage],
        tools: list[ToolInfo],
        tool_choice: ToolChoice,
        config: GenerateConfig,
    ) -> ModelOutput:
        """One answer; tools are not supported and are left out."""
        messages = [_message(item) for item in input]
        work = partial(
            self._engine.complete,
            messages,
            max_tokens=config.max_tokens or DEFAULT_MAX_TOKENS,
            temperature=config.temperature or 0.0,
            top_p=1.0 if config.top_p is None else config.top_p,
            seed=config.seed or 0,
        )
        return _output(self.model_name, await to_thread.run_sync(work, limiter=self._threads))


def _message(item: ChatMessage) -> Message:
    role: Any = item.role if item.role in ("system", "assistant") else "user"
    return Message(role=role, content=item.text)


def _output(model: str, done: Completion) -> ModelOutput:
    read, written = done.usage.input_tokens or 0, done.usage.output_tokens or 0
    message = ChatMessageAssistant(content=done.text, model=model, source="generate")
    return ModelOutput(
        model=model,
        choices=[ChatCompletionChoice(message=message, stop_reason=_STOP.get(done.finish, "unknown"))],
        usage=ModelUsage(input_tokens=read, output_tokens=written, total_tokens=read + written),
    )
