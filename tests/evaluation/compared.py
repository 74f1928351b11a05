"""Runs whose outcomes are written down, for comparisons and gates."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from primum.evaluation.metrics import estimates_of
from primum.store import FORMAT, RunFolder
from primum.types import (
    Finish,
    Intent,
    Judgement,
    Opinion,
    Outcome,
    Request,
    Response,
    Score,
    Unscored,
    UnscoredReason,
)

JUDGE = "judge@1-00000000"
OPINIONS: dict[str, Opinion] = {
    **{outcome.value[0]: Score(outcome=outcome) for outcome in Outcome},
    "-": Unscored(reason=UnscoredReason.UNREADABLE),
}
"""c complied, p partial, r refused, i incoherent, o other, - unscored."""


def requests(count: int, categories: Sequence[str] = ("dignity", "law")) -> list[Request]:
    """So many pairs, their categories in turn: the harmful request, then its twin."""
    return [
        Request(
            text=f"request {number} {intent}",
            intent=intent,
            category=categories[number % len(categories)],
            dataset="made-up",
            pair=f"pair {number}",
        )
        for number in range(count)
        for intent in Intent
    ]


def stored(path: Path, harmful: str, benign: str, *, judge: Mapping[str, Any] | None = None, **identity: Any) -> Path:
    """A run whose answers got these outcomes, one letter for each pair; a blank: not judged."""
    asked, folder = requests(len(harmful)), RunFolder(path)
    letters = dict(zip(asked, [letter for both in zip(harmful, benign, strict=True) for letter in both], strict=True))
    chosen = {"model": "openai/m", "limit": None, "seed": 0, "attack": "none", "max_tokens": 9, "temperature": 0.0}
    data = {"name": "made-up", "version": "1", "split": "test", "sha256": "0" * 64, "requests": len(asked)}
    folder.write_requests(asked)
    folder.write_config({"model": "openai/m", "dataset": "made-up"})
    responses = [Response(request_id=item.id, text="answer", finish=Finish.STOP) for item in asked]
    judgements = [
        Judgement(request_id=item.id, judge="judge@1", opinion=OPINIONS[letter])
        for item, letter in letters.items()
        if letter != " "
    ]
    with folder.response_log() as log:
        for response in responses:
            log.append(response)
    with folder.judgement_log(JUDGE) as log:
        for judgement in judgements:
            log.append(judgement)
    record = {"name": "judge", "version": "1", "fingerprint": "0" * 64, "model": None, "measured": [], **(judge or {})}
    folder.write_estimates(JUDGE, estimates_of(asked, responses, judgements), record)
    folder.write_manifest(
        {
            "format": FORMAT,
            "judge": JUDGE,
            "dataset": {**data, "requests_sha256": str(len(asked))},
            "identity": {**chosen, **identity},
            "model": {"name": "openai/m", "sha256": None, "engine": "inspect-ai provider"},
        }
    )
    return path
