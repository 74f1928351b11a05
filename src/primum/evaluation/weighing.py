"""Ask a local model how likely it holds given texts: the letters of an exam question, or a reference answer.

Letters are read off the first token of the answer, by the embedded engine for GGUF files and by transformers for models of
the ``hf`` provider. A whole answer has to be forced on the model token by token, which only transformers does here.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from math import isfinite
from string import ascii_uppercase
from typing import Any

from primum.attacks import find_attack
from primum.errors import RunError, UserError
from primum.evaluation.config import EvalConfig
from primum.evaluation.conversation import Setting, demonstrations
from primum.evaluation.kinds import Kind
from primum.evaluation.plan import Plan
from primum.evaluation.progress import Progress
from primum.models import EngineSettings, LocalEngine, LocalModel
from primum.store import RunFolder
from primum.types import Likelihood, Message, Request

Conversation = tuple[Message, ...]


def weigh_missing(folder: RunFolder, plan: Plan, local: LocalModel | None, progress: Progress) -> int:
    """Weigh what is not weighed yet, store each result as it comes, and return how many there were.

    Raises:
        UserError: a library is missing, or the model cannot be used so.
        RunError: the model failed; what was weighed is kept.
    """
    done = {item.request_id for item in folder.likelihoods}
    missing = [request for request in plan.requests if request.id not in done]
    progress.start("weighing texts", len(plan.requests), len(plan.requests) - len(missing))
    if missing:
        with folder.likelihood_log() as log:
            for found in _weighed(folder, plan, missing, local, progress):
                log.append(found)
                progress.advance()
    return len(missing)


def _weighed(
    folder: RunFolder, plan: Plan, missing: Sequence[Request], local: LocalModel | None, progress: Progress
) -> Iterator[Likelihood]:
    conversations = _conversations(plan.config, missing)
    if plan.kind is Kind.EXAM and local is not None:
        letters = [ascii_uppercase[: len(plan.questions[request.id].choices)] for request in missing]
        yield from _by_engine(local, plan.config.model_args, missing, conversations, letters)
    else:
        yield from _by_transformers(folder, plan, missing, conversations, progress)


def _conversations(config: EvalConfig, requests: Sequence[Request]) -> list[Conversation]:
    """What the engine would be sent for each request."""
    attack = find_attack(config.attack)
    setting = Setting(
        system_prompt=config.system_prompt,
        demonstrations=demonstrations(config.demonstrations, config.demonstrations_mix, config.seed),
    )
    return [setting.messages(request, attack) for request in requests]


def _by_engine(
    local: LocalModel,
    arguments: Mapping[str, Any],
    requests: Sequence[Request],
    conversations: Sequence[Conversation],
    letters: Sequence[str],
) -> Iterator[Likelihood]:
    try:
        settings = EngineSettings(**arguments)
    except TypeError as error:
        raise UserError(
            f"Model argument {str(error).split()[-1]} is unknown. Allowed: slots, context, threads."
        ) from error
    # One at a time: reading a prompt fills the processor by itself, and the engine was seen to stop for good when many
    # requests with log-probabilities were under way at once.
    engine = LocalEngine(local, replace(settings, slots=1))
    try:
        for request, conversation, names in zip(requests, conversations, letters, strict=True):
            yield _letters(request, engine.first_token_logprobs(conversation, names))
    finally:
        engine.close()


def _by_transformers(
    folder: RunFolder,
    plan: Plan,
    requests: Sequence[Request],
    conversations: Sequence[Conversation],
    progress: Progress,
) -> Iterator[Likelihood]:
    from primum.training.likelihood import completion_weights, first_token_logprobs, load_weigher

    weigher = load_weigher(plan.config.model, progress.download)
    _note_engine(folder, weigher.engine)
    if plan.kind is Kind.EXAM:
        letters = [ascii_uppercase[: len(plan.questions[request.id].choices)] for request in requests]
        for place, logprobs in first_token_logprobs(weigher.model, weigher.tokenizer, conversations, letters):
            yield _letters(requests[place], logprobs)
        return
    texts = [plan.references[request.id] for request in requests]
    for place, weight in completion_weights(weigher.model, weigher.tokenizer, conversations, texts):
        request = requests[place]
        if weight is None:
            yield Likelihood(request_id=request.id, logprobs=(), tokens=())
        else:
            yield Likelihood(request_id=request.id, logprobs=(weight.logprob,), tokens=(weight.tokens,))


def _note_engine(folder: RunFolder, engine: str) -> None:
    """Write down library and precision.

    Raises:
        UserError: what is there was weighed by another library or in another precision.
    """
    manifest = folder.manifest
    before = manifest["model"]["engine"]
    if folder.likelihoods and before != engine:
        raise UserError(
            f"{folder.path} was begun with {before}, and this is {engine}: their numbers are not to be mixed. Choose "
            "another --out, or go on with the first."
        )
    folder.write_manifest({**manifest, "model": {**manifest["model"], "engine": engine}})


def _letters(request: Request, logprobs: tuple[float, ...] | None) -> Likelihood:
    if logprobs is None:
        return Likelihood(request_id=request.id, logprobs=(), tokens=())
    if not all(map(isfinite, logprobs)):
        raise RunError("This model's vocabulary has no token for some letter. Leave --method out to read its answers.")
    return Likelihood(request_id=request.id, logprobs=logprobs, tokens=(1,) * len(logprobs))
