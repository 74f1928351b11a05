"""The embedded engine: llama.cpp in this process, answering many requests at once.

Chosen by measurement (docs/decisions/0003-embedded-engine.md). What matters here:

* **Same text every time.** Greedy answers do not depend on what else is being decoded, on the number of slots or on what
  ran before. Three settings make it so: no prompt cache, a context for each slot, and prompts read in pieces of at most
  ``_PIECE`` tokens (llama.cpp's attention switches to another kernel, with other rounding, at 64).
* **Thread barriers.** On a busy machine spinning OpenMP threads make the engine many times slower, so waiting threads
  sleep (``OMP_WAIT_POLICY``, read once when the library loads).
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import exp, inf, log
from typing import Any

from primum.errors import RunError, UserError
from primum.models.resolve import LocalModel
from primum.types import Finish, Message, Usage

_PIECE = 32
_LIKELY = 100
"""First tokens asked for before all of them are: a letter is among them where the prompt asks for one."""
_ALL = 1_000_000
_CONTEXT_FULL = "exceed_context_size_error"
_FINISH = {"stop": Finish.STOP, "length": Finish.LENGTH}


@dataclass(frozen=True, kw_only=True)
class EngineSettings:
    """How the engine uses this machine. None of it changes a greedy answer that fits the context."""

    slots: int = 16
    """Requests that are decoded together."""
    context: int = 2_048
    """Tokens of context for each slot: prompt and answer together."""
    threads: int = 0
    """0: one for each processor that this process may use."""


@dataclass(frozen=True, kw_only=True)
class Completion:
    """What the engine wrote."""

    text: str
    finish: Finish
    usage: Usage


class LocalEngine:
    """A loaded model; thread-safe, up to ``settings.slots`` answers at once.

    Raises:
        UserError: the engine is not installed, or the file cannot be loaded.
    """

    def __init__(self, model: LocalModel, settings: EngineSettings | None = None) -> None:
        self.model = model
        self.settings = settings or EngineSettings()
        self._server = _load(model, self.settings)

    @cached_property
    def address(self) -> str:
        """Base URL of the engine's own OpenAI-compatible server, on loopback."""
        return f"{self._server.listening_address}/v1"

    def complete(
        self, messages: Sequence[Message], *, max_tokens: int, temperature: float, seed: int, top_p: float = 1.0
    ) -> Completion:
        """The model's next turn. A conversation longer than the context gives an empty answer with finish ``length``.

        Raises:
            RunError: the engine reports any other error.
        """
        reply: dict[str, Any] = self._server.handle_chat_completions(
            {
                "messages": [{"role": message.role, "content": message.content} for message in messages],
                "max_tokens": max_tokens,
                "temperature": temperature,
                "top_p": top_p,
                "seed": seed,
                "cache_prompt": False,
            }
        )
        if "error" in reply:
            return _failure(reply["error"], self.model)
        choice, usage = reply["choices"][0], reply["usage"]
        return Completion(
            text=choice["message"].get("content") or "",
            finish=_FINISH.get(choice["finish_reason"], Finish.UNKNOWN),
            usage=Usage(input_tokens=usage["prompt_tokens"], output_tokens=usage["completion_tokens"]),
        )

    def first_token_logprobs(self, messages: Sequence[Message], texts: Sequence[str]) -> tuple[float, ...] | None:
        """Natural log-probability that the model's next turn begins with each text, which must be one token.

        A token with spaces around the text counts as the text, too: some vocabularies have a first word only like that.
        None where the conversation is longer than the context; minus infinity for what is no token of this vocabulary.

        Raises:
            RunError: the engine reports any other error.
        """
        found: dict[str, float] = {}
        for wanted in (_LIKELY, _ALL):
            reply = self._first_tokens(messages, wanted)
            if "error" in reply:
                _failure(reply["error"], self.model)
                return None
            found = _summed(reply["choices"][0]["logprobs"]["content"][0]["top_logprobs"], texts)
            if len(found) == len(set(texts)):
                break
        return tuple(found.get(text, -inf) for text in texts)

    def _first_tokens(self, messages: Sequence[Message], wanted: int) -> dict[str, Any]:
        reply: dict[str, Any] = self._server.handle_chat_completions(
            {
                "messages": [{"role": message.role, "content": message.content} for message in messages],
                "max_tokens": 1,
                "temperature": 0,
                "logprobs": True,
                "top_logprobs": wanted,
                "cache_prompt": False,
            }
        )
        return reply

    def close(self) -> None:
        """Free the model's memory."""
        self._server = None


def _summed(tokens: Sequence[dict[str, Any]], texts: Sequence[str]) -> dict[str, float]:
    """Log of the summed probability of all tokens that are a text, spaces around it left out."""
    found: dict[str, float] = {}
    for token in tokens:
        name = token["token"].strip()
        if name in texts:
            found[name] = log(exp(found.get(name, -inf)) + exp(token["logprob"]))
    return found


def engine_version() -> str:
    """Name and version of the engine, for the manifest."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return f"xllamacpp {version('xllamacpp')}"
    except PackageNotFoundError:
        return "not installed"


def usable_processors() -> int:
    """Processors that this process may use (a container's limit counts, not the machine's size)."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _load(model: LocalModel, settings: EngineSettings) -> Any:
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    try:
        import xllamacpp
    except ImportError as error:
        raise UserError("The embedded engine is not installed. Run: pip install 'primum[local]'.") from error
    threads = settings.threads or usable_processors()
    params = xllamacpp.CommonParams()
    params.model.path = str(model.path)
    params.n_parallel = settings.slots
    params.n_ctx = settings.context * settings.slots
    params.kv_unified = False
    params.n_ubatch = _PIECE
    params.cpuparams.n_threads = threads
    params.cpuparams_batch.n_threads = threads
    params.cache_prompt = False
    params.cache_ram_mib = 0
    params.verbosity = -1
    try:
        return xllamacpp.Server(params)
    except RuntimeError as error:
        raise UserError(
            f"The engine cannot load {model.path} ({error}) The file may be cut short or of a kind that llama.cpp does "
            "not know; download it anew, or try another model."
        ) from error


def _failure(error: dict[str, Any], model: LocalModel) -> Completion:
    if error.get("type") == _CONTEXT_FULL:
        usage = Usage(input_tokens=error.get("n_prompt_tokens"), output_tokens=0)
        return Completion(text="", finish=Finish.LENGTH, usage=usage)
    raise RunError(f"The embedded engine failed on {model.name}: {error.get('message', error)}")
