"""Judge stored answers again, by another judge or a newer one."""

from pathlib import Path

from primum.engine import check_model_name
from primum.errors import UserError
from primum.evaluation.binding import bind_record
from primum.evaluation.judging import Bench, judge_run, require_judged
from primum.evaluation.kinds import Kind, kind_of
from primum.evaluation.progress import Progress, Silent
from primum.evaluation.run import Run, open_run
from primum.evaluation.summary import write_report
from primum.judges import find_judge
from primum.store import RunFolder


def judge(
    run: str | Path,
    judge: str = "embedded",
    *,
    judge_model: str | None = None,
    validation: str | Path | None = None,
    progress: Progress | None = None,
) -> Run:
    """The run under this judge; the tested model is never asked, and earlier judgements stay.

    The run's report is written anew with this judge's numbers.

    Raises:
        UserError: no run there, an unknown judge, a judge without its language model, or a record of another judge.
        RunError: the judge's model stopped answering; call again to resume.
    """
    folder, found = RunFolder.open(Path(run)), find_judge(judge)
    if found.asks_a_model != (judge_model is not None):
        need = "needs a language model: add --judge-model PROVIDER/MODEL" if found.asks_a_model else "uses none"
        raise UserError(f"Judge '{judge}' {need}.")
    if kind_of(folder.manifest) is not Kind.SAFETY:
        raise UserError(
            f"There is nothing to judge in {folder.path}: it measures capability, by an answer key or by "
            f"likelihood. See primum report {folder.path}."
        )
    bench = Bench(judge=found, model=check_model_name(judge_model) if judge_model else None)
    with folder.locked():
        require_judged(folder)
        if validation is not None:
            bind_record(folder, Path(validation), bench.key, bench.about(folder.config["model"]))
        judge_run(folder, bench, progress or Silent())
        folder.write_manifest({**folder.manifest, "judge": bench.key})
        write_report([folder.path], folder.report_path)
    return open_run(folder.path)
