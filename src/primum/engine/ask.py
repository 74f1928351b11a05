"""Put questions to a model and hand over each answer as it comes."""

import errno
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from primum.errors import PrimumError, RunError, UserError
from primum.models import is_local
from primum.types import Finish, Message, Response, Usage

if TYPE_CHECKING:  # Inspect takes a second to import; nobody should pay for it before asking
    from inspect_ai import Task
    from inspect_ai.log import EvalLog
    from inspect_ai.model import ChatMessage, Model, ModelOutput
    from inspect_ai.solver import Solver

SHARD = 5_000
"""Questions in one Inspect log: reading a log of 20,000 takes half a minute and two gigabytes."""

_FINISH = {
    "stop": Finish.STOP,
    "max_tokens": Finish.LENGTH,
    "model_length": Finish.LENGTH,
    "content_filter": Finish.FILTERED,
}


@dataclass(frozen=True, kw_only=True)
class Question:
    """A conversation that waits for the model's next turn."""

    id: str
    messages: tuple[Message, ...]


@dataclass(frozen=True, kw_only=True)
class AskSettings:
    """How to ask."""

    max_tokens: int
    temperature: float
    seed: int
    max_retries: int = 5
    """For one question, after which the run stops and can be resumed; waits grow from seconds to a minute."""
    max_connections: int | None = None
    """Questions under way at once; None: what the provider suggests."""
    continue_last: bool = True
    """What to do where the last turn is the assistant's: go on with it, or answer it, as guard models do."""
    base_url: str | None = None
    model_args: Mapping[str, Any] = field(default_factory=dict)
    """Arguments of the provider, for example ``slots`` and ``threads`` of gguf."""


def ask(
    model: str,
    questions: Sequence[Question],
    settings: AskSettings,
    on_answer: Callable[[Response], None],
    *,
    logs: Path,
    name: str,
) -> None:
    """Ask all questions, in no fixed order; ``on_answer`` gets each answer once, as it comes.

    An empty, cut or blocked answer is an answer. ``logs`` receives Inspect's logs, under ``name``.

    Raises:
        UserError: the model cannot be made (unknown, no key, library not installed).
        RunError: the model stopped answering; the answers so far were handed over.
        KeyboardInterrupt: the person pressed Ctrl-C; likewise.
    """
    with _inspect_files_in(logs):
        target = _make_model(model, settings)
        try:
            for start in range(0, len(questions), SHARD):
                _ask_shard(target, questions[start : start + SHARD], settings, on_answer, logs, name)
        except OSError as error:  # Inspect's own logs, or its buffer of samples
            raise RunError(
                f"Cannot write {logs} ({error.strerror or error}). Answers so far are kept; free some space and run the "
                "same command again."
            ) from error
        finally:
            _release(target, model)


def require_usable(model: str, settings: AskSettings, logs: Path) -> None:
    """Make the model and drop it, without asking anything.

    Raises:
        UserError: it cannot be made.
    """
    with _inspect_files_in(logs):
        _release(_make_model(model, settings), model)


def _release(target: "Model", name: str) -> None:
    """Free the memory of a model in this process; network clients end with their event loop."""
    if is_local(name):
        target.api.close()


def _make_model(name: str, settings: AskSettings) -> "Model":
    from inspect_ai.model import GenerateConfig, get_model

    config = GenerateConfig(
        max_tokens=settings.max_tokens,
        temperature=settings.temperature,
        seed=settings.seed,
        max_retries=settings.max_retries,
        max_connections=settings.max_connections,
        extra_body=_extra_body(name, settings),
    )
    arguments = dict(settings.model_args)
    # The transformers provider samples unless told not to, whatever the temperature.
    if name.startswith("hf/") and settings.temperature == 0:
        arguments.setdefault("do_sample", False)
    try:
        return get_model(name, config=config, base_url=settings.base_url, memoize=False, **arguments)
    except PrimumError:
        raise
    # Inspect's providers fail in many ways of their own (PrerequisiteError, ImportError, ValueError, library errors);
    # here, before anything was asked, all of them mean that the model as named cannot be used.
    except Exception as error:
        raise UserError(f"Model '{name}' cannot be used: {_one_line(error)}") from error


def _extra_body(name: str, settings: AskSettings) -> dict[str, Any] | None:
    """Inspect's vllm and sglang providers go on with a last assistant turn unless the request itself says otherwise."""
    if settings.continue_last or not name.startswith(("vllm/", "sglang/")):
        return None
    return {"add_generation_prompt": True, "continue_final_message": False}


def _ask_shard(
    model: "Model",
    questions: Sequence[Question],
    settings: AskSettings,
    on_answer: Callable[[Response], None],
    logs: Path,
    name: str,
) -> None:
    from inspect_ai import eval as inspect_eval

    sink = _Sink(on_answer)
    log = inspect_eval(
        _task(name, questions, sink),
        model=model,
        display="none",
        log_dir=str(logs),
        log_level="error",
        log_realtime=False,
        log_buffer=max(100, len(questions) // 10),
        max_samples=settings.max_connections,
        fail_on_error=True,
        score=False,
        log_model_api=False,
        ctl_server=False,
    )[0]
    _raise_failure(log, sink)


class _Sink:
    """Hands answers over, and remembers what went wrong there: Inspect would report it as a fault of the sample."""

    def __init__(self, on_answer: Callable[[Response], None]) -> None:
        self._on_answer = on_answer
        self.failure: PrimumError | None = None

    def take(self, response: Response) -> None:
        try:
            self._on_answer(response)
        except PrimumError as error:
            self.failure = self.failure or error
            raise


def _task(name: str, questions: Sequence[Question], sink: _Sink) -> "Task":
    from inspect_ai import Task
    from inspect_ai.dataset import MemoryDataset, Sample

    samples = [
        Sample(id=question.id, input=[_chat_message(message) for message in question.messages])
        for question in questions
    ]
    return Task(name=name, dataset=MemoryDataset(samples, name=name), solver=_answer(sink))


def _answer(sink: _Sink) -> "Solver":
    from inspect_ai.solver import Generate, TaskState, solver

    @solver
    def answer() -> "Solver":
        async def solve(state: TaskState, generate: Generate) -> TaskState:
            state = await generate(state)
            sink.take(_response(str(state.sample_id), state.output))
            return state

        return solve

    return answer()


def _chat_message(message: Message) -> "ChatMessage":
    from inspect_ai.model import ChatMessageAssistant, ChatMessageSystem, ChatMessageUser

    kinds = {"system": ChatMessageSystem, "user": ChatMessageUser, "assistant": ChatMessageAssistant}
    built: ChatMessage = kinds[message.role](content=message.content)
    return built


def _response(question_id: str, output: "ModelOutput") -> Response:
    usage = output.usage
    return Response(
        request_id=question_id,
        text=output.completion,
        finish=finish_of(output),
        usage=Usage(input_tokens=usage.input_tokens, output_tokens=usage.output_tokens) if usage else Usage(),
        seconds=output.time,
    )


def finish_of(output: "ModelOutput") -> Finish:
    """Why the model stopped, in our terms."""
    return _FINISH.get(output.stop_reason, Finish.UNKNOWN) if output.choices else Finish.UNKNOWN


def _raise_failure(log: "EvalLog", sink: _Sink) -> None:
    if sink.failure is not None:
        raise sink.failure
    if log.status == "cancelled":
        raise KeyboardInterrupt
    if log.status != "success":
        cause = log.error.message if log.error else "no cause given"
        if os.strerror(errno.ENOSPC) in cause:
            raise RunError(
                "The disk is full: Inspect could not write its log. Answers so far are kept; free some space."
            )
        raise RunError(f"{log.eval.model} stopped answering: {_one_line(cause)}")


def _one_line(cause: object) -> str:
    """The cause without terminal markup and line ends."""
    from rich.errors import MarkupError
    from rich.text import Text

    text = str(cause)
    with suppress(MarkupError):
        text = Text.from_markup(text).plain
    return " ".join(text.split())[:500]


@contextmanager
def _inspect_files_in(logs: Path) -> Iterator[None]:
    """Keep what Inspect writes beside its logs in the run folder.

    It buffers prompts as plain text in the user's data folder, where they stay after a crash.
    """
    logs.mkdir(parents=True, exist_ok=True)
    before = os.environ.get("XDG_DATA_HOME")
    os.environ["XDG_DATA_HOME"] = str(logs / ".buffer")
    try:
        yield
    finally:
        if before is None:
            del os.environ["XDG_DATA_HOME"]
        else:
            os.environ["XDG_DATA_HOME"] = before
