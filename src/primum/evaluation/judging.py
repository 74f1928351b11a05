"""Judge a run's responses: only those that the judge has not judged, never asking the tested model again."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from primum.engine import AskSettings, Question, ask, check_model_name, require_usable
from primum.errors import RunError, UserError
from primum.evaluation.metrics import estimates_of, measures_of
from primum.evaluation.progress import Progress
from primum.judges import Construct, Judge, NoVerdictError, settled, settled_hazard, vote
from primum.store import AppendLog, RunFolder
from primum.types import (
    Finish,
    Judgement,
    Message,
    Opinion,
    Outcome,
    Request,
    Response,
    Score,
    Unscored,
    UnscoredReason,
)

TRIES = 3
"""Replies that a judge may give to one response before it is unscored."""
JUDGE_MAX_TOKENS = 512
LOCAL_BATCH = 256
"""Responses that a local judge is given at once; their judgements are stored before the next are judged."""
_NO_FAMILY = {
    "instruct",
    "chat",
    "base",
    "mini",
    "nano",
    "small",
    "medium",
    "large",
    "turbo",
    "preview",
    "latest",
    "model",
}


@dataclass(frozen=True, kw_only=True)
class Bench:
    """A judge with the language model behind it, if it needs one."""

    judge: Judge
    model: str | None = None
    seed: int = 0
    max_retries: int = 5

    @property
    def key(self) -> str:
        """Name, version, fingerprint and model: judgements of another key are never mixed with these."""
        # A panel's name may hold more than a file's name can.
        name = f"panel@{self.judge.version}" if self.judge.members else self.judge.id
        own = f"{name}-{self.judge.fingerprint()[:8]}"
        if self.model is None:
            return own
        readable = re.sub(r"[^A-Za-z0-9.]+", "-", self.model)[-40:].strip("-")
        return f"{own}-{readable}-{hashlib.sha256(self.model.encode()).hexdigest()[:8]}"

    @property
    def members(self) -> tuple["Bench", ...]:
        """A panel's judges, each with its language model; empty for any other judge.

        Raises:
            UserError: a member's model has no provider, or is the panel's, which another member like it uses.
        """
        found = []
        for member in self.judge.members:
            given = self.model if member.judge.asks_a_model else None
            model = check_model_name(member.model) if member.model else given
            bench = replace(self, judge=member.judge, model=model)
            if bench in found:
                raise UserError(
                    f"Panel '{self.judge.name}' asks {model} twice as '{member.judge.name}'. Leave one out."
                )
            found.append(bench)
        return tuple(found)

    def require_usable(self, folder: RunFolder) -> None:
        """Find a missing key or a misspelt name before the tested model was asked everything.

        Raises:
            UserError: the judge's model cannot be made.
        """
        for member in self.members:
            member.require_usable(folder)
        if self.model is not None and not self.judge.members:
            require_usable(self.model, self.settings, folder.logs_path / "judge")

    @property
    def settings(self) -> AskSettings:
        """How the judge's model is asked."""
        return AskSettings(
            max_tokens=JUDGE_MAX_TOKENS,
            temperature=0.0,
            seed=self.seed,
            max_retries=self.max_retries,
            continue_last=False,
        )

    def about(self, tested_model: str) -> dict[str, Any]:
        """What a reader of the numbers must know about the judge."""
        return {
            **self._identity(),
            "title": self.judge.title,
            "card": self.judge.card,
            "construct": self.judge.construct.value,
            "measured": [asdict(item) for item in self.judge.measured()],
            "warnings": self._warnings(tested_model),
            **({"members": [member._identity() for member in self.members]} if self.judge.members else {}),
        }

    def _identity(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "name": self.judge.name,
            "version": self.judge.version,
            "fingerprint": self.judge.fingerprint(),
            "model": self.model,
        }

    def _warnings(self, tested_model: str) -> list[str]:
        found = []
        if not self.judge.measured():
            found.append("This judge has no measured error: its numbers cannot be told from its mistakes.")
        models = dict.fromkeys(bench.model for bench in self.members or (self,))
        found += [
            f"The judge ({model}) is the tested model or of its family; it may favour its own answers."
            for model in models
            if model and _family(model) & _family(tested_model)
        ]
        return found


def judge_run(folder: RunFolder, bench: Bench, progress: Progress) -> None:
    """Judge what is not judged yet, then compute and store the numbers; the caller holds the folder's lock.

    The members of a panel come first, each as a judge of its own: what one of them has judged before is not asked again.

    Raises:
        RunError: the judge's model stopped answering; judgements so far are kept.
    """
    for member in bench.members:
        judge_run(folder, member, progress)
    requests = {request.id: request for request in folder.requests}
    responses = [response for response in folder.responses if response.request_id in requests]
    done = {judgement.request_id for judgement in folder.judgements(bench.key)}
    pending = [response for response in responses if response.request_id not in done]
    progress.start(f"judging ({bench.judge.name})", len(responses), len(responses) - len(pending))
    with folder.judgement_log(bench.key) as log:
        _Judging(folder, bench, requests, log, progress).judge(pending)
    estimates = estimates_of(
        tuple(requests.values()), responses, folder.judgements(bench.key), told_by=measures_of(bench.judge)
    )
    folder.write_estimates(bench.key, estimates, bench.about(folder.config["model"]))


class _Judging:
    """One pass of one judge over the pending responses."""

    def __init__(
        self, folder: RunFolder, bench: Bench, requests: Mapping[str, Request], log: AppendLog, progress: Progress
    ) -> None:
        self._folder, self._bench, self._requests = folder, bench, requests
        self._log, self._progress = log, progress

    def judge(self, pending: Sequence[Response]) -> None:
        if self._bench.judge.members:
            self._poll(pending)
            return
        open_questions = []
        for start in range(0, len(pending), LOCAL_BATCH):
            batch = pending[start : start + LOCAL_BATCH]
            opinions = self._opinions(batch)
            for response in batch:
                if response.request_id in opinions:
                    self._store(response.request_id, opinions[response.request_id])
                else:
                    open_questions.append(response)
        if open_questions:
            self._ask(open_questions)

    def _opinions(self, responses: Sequence[Response]) -> dict[str, Opinion]:
        """What needs no judge, and what a local judge says of the rest."""
        found: dict[str, Opinion] = {}
        for response in responses:
            if (opinion := self._settled(response)) is not None:
                found[response.request_id] = opinion
        if self._bench.judge.score is not None:
            rest = [response for response in responses if response.request_id not in found]
            said = self._bench.judge.scores([self._requests[item.request_id] for item in rest], rest)
            found |= {response.request_id: opinion for response, opinion in zip(rest, said, strict=True)}
        return found

    def _poll(self, pending: Sequence[Response]) -> None:
        """A panel asks nobody: it votes over what its members said, and keeps their words."""
        keys = [member.key for member in self._bench.members]
        said = [{item.request_id: item for item in self._folder.judgements(key)} for key in keys]
        for response in pending:
            request = self._requests[response.request_id]
            cast = [judgements[request.id] for judgements in said]
            voted = vote(self._bench.judge, request, [item.opinion for item in cast])
            raw = [f"[{key}] {reply}" for key, item in zip(keys, cast, strict=True) for reply in item.raw]
            self._store(request.id, settled(response) or voted, tuple(raw))

    def _settled(self, response: Response) -> Opinion | None:
        judge = self._bench.judge
        if judge.construct is Construct.CLINICAL:
            return settled_hazard(response)
        # Nothing that it could say about a request of this kind would be counted, so it is not asked.
        mute = not judge.tells[self._requests[response.request_id].intent]
        return settled(response) or (Score(outcome=Outcome.OTHER) if mute else None)

    def _ask(self, responses: Sequence[Response]) -> None:
        """Rounds: what could not be read in one is asked again in the next, with the unreadable reply shown."""
        judge = self._bench.judge
        assert judge.prompt is not None
        tasks = {item.request_id: judge.prompt(self._requests[item.request_id], item) for item in responses}
        said: dict[str, list[str]] = {key: [] for key in tasks}
        for last in (False,) * (TRIES - 1) + (True,):
            if tasks:
                tasks = self._round(tasks, said, last=last)

    def _round(
        self, tasks: Mapping[str, tuple[Message, ...]], said: dict[str, list[str]], *, last: bool
    ) -> dict[str, tuple[Message, ...]]:
        retry: dict[str, tuple[Message, ...]] = {}

        def take(reply: Response) -> None:
            key = reply.request_id
            said[key].append(reply.text)
            opinion = self._read(key, reply)
            again = self._bench.judge.again
            if isinstance(opinion, Unscored) and not last and again is not None and reply.finish is not Finish.FILTERED:
                retry[key] = again(tasks[key], reply.text)
            else:
                self._store(key, opinion, tuple(said[key]))

        assert self._bench.model is not None
        questions = [Question(id=key, messages=messages) for key, messages in tasks.items()]
        logs = self._folder.logs_path / "judge"
        ask(self._bench.model, questions, self._bench.settings, take, logs=logs, name=f"judge-{self._bench.judge.name}")
        return retry

    def _read(self, key: str, reply: Response) -> Opinion:
        read = self._bench.judge.read
        assert read is not None
        if reply.finish is Finish.FILTERED:
            return Unscored(reason=UnscoredReason.REFUSED)
        if reply.finish is Finish.LENGTH:  # a cut reply may end in a score that the judge only quoted
            return Unscored(reason=UnscoredReason.UNREADABLE)
        try:
            return read(self._requests[key], reply.text)
        except NoVerdictError as error:
            return Unscored(reason=error.reason)

    def _store(self, key: str, opinion: Opinion, raw: tuple[str, ...] = ()) -> None:
        self._log.append(Judgement(request_id=key, judge=self._bench.judge.id, opinion=opinion, raw=raw))
        self._progress.advance()


def _family(model: str) -> set[str]:
    """Words of the model's own name that tell its family: ``llama`` of ``meta-llama/Llama-3.1-8B-Instruct``."""
    own = model.rsplit("/", 1)[-1].removesuffix(".gguf").removesuffix(".json")
    return set(re.findall(r"[a-z]{3,}", own.lower())) - _NO_FAMILY


def require_judged(folder: RunFolder) -> None:
    """Refuse to judge a run that has no responses yet.

    Raises:
        RunError: there is nothing to judge.
    """
    if not folder.responses:
        raise RunError(f"{folder.path} has no responses yet. Run 'primum eval' with the same settings first.")
