"""Judge stored answers again, by another judge or a newer one."""

from pathlib import Path

from primum.engine import check_model_name
from primum.errors import UserError
from primum.evaluation.judging import Bench, judge_run, require_judged
from primum.evaluation.progress import Progress, Silent
from primum.evaluation.run import Run, open_run
from primum.evaluation.summary import write_report
from primum.judges import find_judge
from primum.store import RunFolder


def judge(
    run: str | Path, judge: str = "embedded", *, judge_model: str | None = None, progress: Progress | None = None
) -> Run:
    """The run under this judge; the tested model is never asked, and earlier judgements stay.

    The run's report is written anew with this judge's numbers.

    Raises:
        UserError: no run there, an unknown judge, or a judge without its language model.
        RunError: the judge's model stopped answering; call again to resume.
    """
    folder, found = RunFolder.open(Path(run)), find_judge(judge)
    if found.asks_a_model != (judge_model is not None):
        need = "needs a language model: add --judge-model PROVIDER/MODEL" if found.asks_a_model else "uses none"
        raise UserError(f"Judge '{judge}' {need}.")
    bench = Bench(judge=found, model=check_model_name(judge_model) if judge_model else None)
    with folder.locked():
        require_judged(folder)
        judge_run(folder, bench, progress or Silent())
        folder.write_manifest({**folder.manifest, "judge": bench.key})
        write_report([folder.path], folder.report_path)
    return open_run(folder.path)
