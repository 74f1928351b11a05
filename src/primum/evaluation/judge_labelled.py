"""Labelled answers put before a judge: in a run folder like any other, so that an asked judge's words are kept."""

from pathlib import Path

from primum.errors import UserError
from primum.evaluation.judging import Bench, judge_run
from primum.evaluation.labelled import Labelled, LabelSet
from primum.evaluation.progress import Progress
from primum.judges import Judge
from primum.store import RunFolder
from primum.types import ClinicalScore, Opinion, Outcome, Score, Unscored


def judge_labelled(found: LabelSet, bench: Bench, path: Path, progress: Progress) -> list[Score | Unscored]:
    """The judge's opinion of each row, in order and in words that this judge has; what the folder holds is not asked again.

    Raises:
        UserError: the folder holds something else, or the judge's model cannot be made.
        RunError: the judge's model stopped answering; call again to go on.
    """
    folder = RunFolder(path)
    with folder.locked():
        _prepare(folder, found)
        bench.require_usable(folder)
        judge_run(folder, bench, progress)
        opinions = {item.request_id: item.opinion for item in folder.judgements(bench.key)}
    return [_told(opinions[row.request.id], row, bench.judge) for row in found.rows]


def _prepare(folder: RunFolder, found: LabelSet) -> None:
    """Put the labelled answers where judges look for them, or find them there.

    Raises:
        UserError: the folder holds something else.
    """
    if folder.config_path.is_file() or folder.manifest_path.is_file():
        if folder.config.get("asked_sha256") != found.asked_sha256:
            raise UserError(f"{folder.path} holds other answers than {found.file}. Choose another --work.")
    else:
        folder.write_requests(row.request for row in found.rows)
        folder.write_config({"model": "labelled answers", "asked_sha256": found.asked_sha256})
    stored = {response.request_id for response in folder.responses}
    with folder.response_log() as log:
        for row in found.rows:
            if row.request.id not in stored:
                log.append(row.response)


def _told(opinion: Opinion, row: Labelled, judge: Judge) -> Score | Unscored:
    """The opinion in words that this judge has: a settled refusal is *other* to one that tells none."""
    assert not isinstance(opinion, ClinicalScore)
    if isinstance(opinion, Unscored) or opinion.outcome in judge.tells[row.request.intent]:
        return opinion
    return Score(outcome=Outcome.OTHER, confidence=opinion.confidence)
