"""From run folders to the report: fills the views that the page shows."""

import shlex
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import tomli_w

import primum
from primum.errors import UserError
from primum.evaluation.binding import bind_record, require_fitting
from primum.evaluation.config import EvalConfig
from primum.evaluation.corrections import corrections_of, store_corrections
from primum.evaluation.exam_samples import exam_samples
from primum.evaluation.kinds import Kind
from primum.evaluation.run import Run, open_run
from primum.evaluation.validation_words import in_short, lines
from primum.report import RunView, Sample, render_page
from primum.standard import load_standard
from primum.store import RunFolder, write_text
from primum.types import ClinicalScore, Judgement, Unscored


def write_report(
    runs: Sequence[str | Path],
    out: str | Path,
    judge: str | None = None,
    validation: str | Path | None = None,
) -> Path:
    """Write one HTML page about one run or several, and return its path.

    Args:
        runs: Folders of runs.
        out: The HTML file.
        judge: Name or key of the judge whose numbers are shown; by default each run's own.
        validation: Record of ``primum judges validate`` to put beside the numbers of each run.

    Raises:
        UserError: a folder holds no run, the judge did not judge it, or the record is about another judge.
        RunError: the page cannot be written.
    """
    if not runs:
        raise UserError("No run was given. Write: primum report RUN [RUN …].")
    opened = [open_run(path, judge) for path in runs]
    if validation is not None:
        for run in opened:
            require_fitting(RunFolder(run.path), Path(validation), run.judge_record)
        for run in opened:
            bind_record(RunFolder(run.path), Path(validation), run.judge, run.judge_record)
        opened = [open_run(path, judge) for path in runs]
    views = [run_view(run, label) for run, label in zip(opened, _labels(opened), strict=True)]
    target = Path(out)
    if target.absolute() in [run.report_path.absolute() for run in opened]:  # a page elsewhere changes no run
        store_corrections(opened[0])
    write_text(target, render_page(views, version=primum.__version__))
    return target


def run_view(run: Run, label: str) -> RunView:
    """What the page shows of a run."""
    order = {category.id: category for category in (*load_standard().principles, *load_standard().general)}
    used = {request.category for request in run.requests}
    return RunView(
        label=label,
        model=run.config["model"],
        dataset=run.config["dataset"],
        path=str(run.path),
        created=run.manifest["created"],
        complete=run.complete,
        judge=run.judge_record,
        settings=_settings(run),
        command=command_of(run.config),
        groups={
            **{name: _title(category.number, category.title) for name, category in order.items() if name in used},
            **{name: name for name in sorted(used - order.keys())},  # categories of other data sets
        },
        estimates=run.estimates,
        samples=tuple(exam_samples(run) if run.kind is Kind.EXAM else _samples(run)),
        corrections=corrections_of(run),
        trust=in_short(run.validated) if run.judge_record and run.kind is Kind.SAFETY else "",
        validation=tuple(lines(run.validated, run.judge_record)) if run.kind is Kind.SAFETY else (),
    )


def command_of(config: dict[str, Any]) -> str:
    """The command line that gives this configuration again."""
    parts = ["primum", "eval", config["model"]]
    for name, value in config.items():
        if name == "model_args":
            parts += [word for key, item in value.items() for word in ("--model-arg", f"{key}={_as_argument(item)}")]
        elif name == "columns":
            parts += [word for role, column in value.items() for word in ("--column", f"{role}={column}")]
        elif name == "system_prompt":
            parts += ["--system-prompt", f"@{value}" if value.startswith("@") else value]
        elif name != "model" and value != getattr(EvalConfig, name, None):
            parts += [f"--{name.replace('_', '-')}", str(value)]
    return shlex.join(parts)


def _as_argument(value: Any) -> str:
    """A value as ``--model-arg`` reads it back: bare text stays bare unless TOML would take it for something else."""
    written = tomli_w.dumps({"value": value}).strip().removeprefix("value = ")
    try:
        bare = tomllib.loads(f"value = {value}")
    except tomllib.TOMLDecodeError:
        bare = {"value": value}
    return value if isinstance(value, str) and bare == {"value": value} else written


def _title(number: int | None, title: str) -> str:
    return f"{number}. {title}" if number else title


def _labels(runs: Sequence[Run]) -> list[str]:
    """Model names where they tell the runs apart, else folder names, paths, numbers."""
    choices = ([run.config["model"] for run in runs], [run.path.name for run in runs], [str(run.path) for run in runs])
    for names in choices:
        if len(set(names)) == len(names):
            return names
    return [f"{name} ({number})" for number, name in enumerate(choices[-1], start=1)]


def _settings(run: Run) -> dict[str, str]:
    manifest, data, model = run.manifest, run.manifest["dataset"], run.manifest["model"]
    nothing: dict[str, Any] = {"packages": {}, "python": "unknown"}
    last: dict[str, Any] = manifest["invocations"][-1] if manifest["invocations"] else nothing
    return {
        "data set": f"{data['name']} {data['version']}, split {data['split']}, {data['requests']} requests, "
        f"sha256 {data['sha256'][:16]}",
        "model": f"{model['name']} ({model['engine']})"
        + (f", sha256 {model['sha256'][:16]}" if model["sha256"] else ""),
        "sampling": f"temperature {run.config['temperature']}, up to {run.config['max_tokens']} new tokens, "
        f"seed {run.config['seed']}",
        "system prompt": run.config.get("system_prompt", "none"),
        **_around(run),
        "attack": run.config["attack"],
        "standard": f"{manifest['standard']['version']}, sha256 {manifest['standard']['sha256'][:16]}",
        "judge": run.judge,
        "begun": manifest["created"],
        "versions": ", ".join(
            [f"primum {manifest['primum']}", f"Python {last['python']}"]
            + [f"{name} {number}" for name, number in last["packages"].items()]
        ),
        "folder": str(run.path),
    }


def _around(run: Run) -> dict[str, str]:
    """Shown examples and guard, where there are any."""
    found = {}
    if run.config.get("demonstrations"):
        mix, digest = run.config["demonstrations_mix"], run.manifest["demonstrations"][:16]
        found["demonstrations"] = f"{run.config['demonstrations']}, {mix}, sha256 {digest}"
    if guard := run.manifest.get("guard"):
        by = f" by {guard['model']}" if guard["model"] else ""
        found["guard"] = f"{guard['name']}@{guard['version']}{by}, fingerprint {guard['fingerprint'][:16]}"
    return found


def _samples(run: Run) -> list[Sample]:
    responses = {response.request_id: response for response in run.responses}
    judgements = {judgement.request_id: judgement for judgement in run.judgements}
    return [
        Sample(
            id=request.id,
            category=request.category,
            intent=request.intent.value,
            pair=request.pair or "",
            request=request.text,
            response=responses[request.id].text,
            finish=responses[request.id].finish.value,
            **_verdict(judgements[request.id]),
        )
        for request in run.requests
        if request.id in responses and request.id in judgements
    ]


def _verdict(judgement: Judgement) -> dict[str, str]:
    opinion, raw = judgement.opinion, "\n---\n".join(judgement.raw)
    if isinstance(opinion, ClinicalScore):
        return {"verdict": f"hazard {opinion.hazard.value}", "detail": ", ".join(opinion.faults), "raw": raw}
    if isinstance(opinion, Unscored):
        return {"verdict": "unscored", "detail": opinion.reason.value, "raw": raw}
    details = []
    if opinion.harmfulness is not None:
        details.append(f"harmfulness {opinion.harmfulness}")
    if opinion.grade is not None:
        details.append(f"grade {opinion.grade:.3g}")
    if opinion.confidence is not None:
        details.append(f"confidence {opinion.confidence:.2f}")
    return {"verdict": opinion.outcome.value, "detail": ", ".join(details), "raw": raw}
