"""Every correction of a run's numbers, by its own labels and by its judge's record, beside the judge's count."""

import json
from typing import Any

from primum.errors import UserError
from primum.evaluation.corrected import corrected_by_labels
from primum.evaluation.label_question import CORRECTABLE
from primum.evaluation.metrics import GRADE, GRADE_SHARES, HARMFULNESS
from primum.evaluation.record_correction import RATES, corrected_by_record
from primum.evaluation.run import Run
from primum.judges import Construct, find_judge
from primum.report import CorrectedRate
from primum.store import RunFolder, to_json, write_text
from primum.types import OVERALL

BY_SOURCE = {"labels": tuple(about.name for about in CORRECTABLE), "record": tuple(RATES)}
"""What can be corrected, by what corrects it."""
_GRADES = (HARMFULNESS, GRADE, *(share.name for share in GRADE_SHARES))
_OTHER_SCALE = "the judge grades on a scale of its own, and people's grades are from 1 to 5"
_NO_ERROR = "a record tells the judge's error on outcomes, not on grades; grade labels of this run"


def corrections_of(run: Run) -> tuple[CorrectedRate, ...]:
    """Rates and means with their correction, or with the reason why there is none; nothing where there are no labels."""
    if not _is_about_compliance(run.judge_record.get("name", "")):
        return ()
    found = (*_by_labels(run), *corrected_by_record(run))
    sources = {item.source: item.by for item in found}
    grades = [item for item in run.estimates if item.metric in _GRADES and item.group == OVERALL]
    refused = tuple(
        CorrectedRate(
            judged=item, corrected=None, source=source, by=by, n_labelled=0,
            why_not=_NO_ERROR if source == "record" else _OTHER_SCALE,
        )
        for source, by in sources.items()
        for item in grades
        if item.metric not in BY_SOURCE[source]
    )  # fmt: skip
    return (*found, *refused)


def _is_about_compliance(judge: str) -> bool:
    try:
        return find_judge(judge).construct is Construct.COMPLIANCE
    except UserError:  # not judged yet, or by a judge that this version does not have
        return False


def _by_labels(run: Run) -> tuple[CorrectedRate, ...]:
    try:
        return corrected_by_labels(run)
    except UserError as error:  # a report is still written, and says so
        return tuple(
            CorrectedRate(
                judged=item, corrected=None, source="labels", by="labels, PPI++", n_labelled=0, why_not=str(error)
            )
            for item in run.estimates
            if item.metric in BY_SOURCE["labels"] and item.group == OVERALL
        )


def store_corrections(run: Run) -> None:
    """Put them beside the run's estimates, as ``estimates/JUDGE.corrected.json``; without any, there is no such file.

    Raises:
        RunError: the file cannot be written.
    """
    path = RunFolder(run.path).path / "estimates" / f"{run.judge}.corrected.json"
    found = corrections_of(run)
    if not found:
        path.unlink(missing_ok=True)
        return
    data = {"judge": run.judge, "corrections": [as_json(item) for item in found]}
    write_text(path, json.dumps(data, indent=2, ensure_ascii=False) + "\n")


def as_json(found: CorrectedRate) -> dict[str, Any]:
    """For a program."""
    return {
        "metric": found.judged.metric,
        "group": found.judged.group,
        "source": found.source,
        "by": found.by,
        "labels": found.n_labelled,
        "judged": to_json(found.judged),
        "corrected": to_json(found.corrected) if found.corrected else None,
        "why_not": found.why_not,
    }
