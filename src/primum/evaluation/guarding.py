"""Put a guard behind stored answers: which exchanges would it have stopped?

Every request is put to the model, also those that the guard would not have let through, so that the answers that it held
back are known and one set of answers serves any guard. What was stopped reads like an answer that the provider blocked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from primum.engine import AskSettings, Question, ask
from primum.evaluation.config import EvalConfig
from primum.evaluation.progress import Progress
from primum.guards import Guard, find_guard
from primum.judges import NoVerdictError
from primum.store import AppendLog, RunFolder
from primum.types import Finish, GuardDecision, GuardStage, Request, Response, UnscoredReason

MAX_TOKENS = 512
"""Of a guard model's reply; those that think aloud need the most."""


@dataclass(frozen=True, kw_only=True)
class GuardPost:
    """A guard with what it needs to work."""

    guard: Guard
    model: str | None = None
    """The language model behind a guard that asks one."""
    seed: int = 0
    max_retries: int = 5

    def about(self) -> dict[str, Any]:
        """What a reader of the numbers must know about the guard."""
        return {
            "name": self.guard.name,
            "version": self.guard.version,
            "title": self.guard.title,
            "fingerprint": self.guard.fingerprint(),
            "model": self.model,
            "card": self.guard.card,
        }


def post_of(config: EvalConfig) -> GuardPost | None:
    """The guard that a configuration names, None where it names none."""
    if config.guard is None:
        return None
    return GuardPost(
        guard=find_guard(config.guard), model=config.guard_model, seed=config.seed, max_retries=config.max_retries
    )


def guard_run(folder: RunFolder, post: GuardPost, progress: Progress) -> None:
    """Decide on every answer that has no decision yet; the caller holds the folder's lock.

    Raises:
        RunError: the guard's model stopped answering; decisions so far are kept.
    """
    requests = {request.id: request for request in folder.requests}
    answers = [answer for answer in folder.answers if answer.request_id in requests]
    done = {decision.request_id for decision in folder.guard_decisions}
    pending = [answer for answer in answers if answer.request_id not in done]
    progress.start(f"guarding ({post.guard.name})", len(answers), len(answers) - len(pending))
    with folder.guard_log() as log:
        if post.guard.asks_a_model:
            _ask(folder, post, requests, pending, log, progress)
        else:
            _decide(post.guard, requests, pending, log, progress)


def _decide(
    guard: Guard, requests: Mapping[str, Request], pending: Sequence[Response], log: AppendLog, progress: Progress
) -> None:
    assert guard.decide is not None
    for answer in pending:
        stopped = guard.decide(requests[answer.request_id].text, answer.text)
        log.append(GuardDecision(request_id=answer.request_id, guard=guard.id, stopped=stopped))
        progress.advance()


def _ask(
    folder: RunFolder,
    post: GuardPost,
    requests: Mapping[str, Request],
    pending: Sequence[Response],
    log: AppendLog,
    progress: Progress,
) -> None:
    guard = post.guard
    assert guard.prompt is not None
    assert post.model is not None

    def take(reply: Response) -> None:
        stopped, unread = _read(guard, reply)
        log.append(
            GuardDecision(
                request_id=reply.request_id, guard=guard.id, stopped=stopped, unread=unread, raw=(reply.text,)
            )
        )
        progress.advance()

    questions = [
        Question(id=answer.request_id, messages=guard.prompt(requests[answer.request_id].text, answer.text))
        for answer in pending
    ]
    settings = AskSettings(
        max_tokens=MAX_TOKENS, temperature=0.0, seed=post.seed, max_retries=post.max_retries, continue_last=False
    )
    if questions:
        ask(post.model, questions, settings, take, logs=folder.logs_path / "guard", name=f"guard-{guard.name}")


def _read(guard: Guard, reply: Response) -> tuple[GuardStage | None, UnscoredReason | None]:
    """What the reply means; a guard that cannot be read stops nothing, and is counted."""
    assert guard.blocks is not None
    if reply.finish is Finish.FILTERED:
        return None, UnscoredReason.REFUSED
    if reply.finish is Finish.LENGTH:
        return None, UnscoredReason.UNREADABLE
    try:
        return (GuardStage.RESPONSE if guard.blocks(reply.text) else None), None
    except NoVerdictError as error:
        return None, error.reason
