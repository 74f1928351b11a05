"""One evaluation, from a configuration to a run folder with a report. Killed at any moment, the same call resumes."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from primum.attacks import find_attack
from primum.engine import AskSettings, Question, ask
from primum.errors import RunError, UserError
from primum.evaluation.binding import bind_record
from primum.evaluation.config import EvalConfig, config_from
from primum.evaluation.conversation import Setting, demonstrations
from primum.evaluation.guarding import guard_run, post_of
from primum.evaluation.instrument import instrument_of
from primum.evaluation.judging import Bench, judge_run
from primum.evaluation.kinds import LIKELIHOOD, Kind
from primum.evaluation.manifest import invocation, make_manifest
from primum.evaluation.plan import Plan, make_plan
from primum.evaluation.progress import Progress, Silent
from primum.evaluation.run import Run, open_run
from primum.evaluation.scoring import score_run
from primum.evaluation.summary import write_report
from primum.evaluation.weighing import weigh_missing
from primum.judges import find_judge
from primum.models import LocalModel, is_local, resolve_local
from primum.store import RunFolder
from primum.types import Request, Response


def evaluate(
    model: str | None = None,
    *,
    config: Mapping[str, Any] | None = None,
    out: str | Path | None = None,
    progress: Progress | None = None,
    **options: Any,
) -> Run:
    """Ask a model every request of a data set, judge the answers, and store numbers and report.

    Args:
        model: ``gguf/smollm2-135m``, the path of a ``.gguf`` file, or any ``PROVIDER/MODEL`` that Inspect knows.
        config: Keys of ``EvalConfig``, for example read from a file; ``options`` override them.
        out: The run's folder; by default one under ``runs/`` whose name follows from the configuration.
        progress: Where to show that work goes on.
        **options: Fields of ``EvalConfig``: ``dataset``, ``limit``, ``seed``, ``judge``, ``system_prompt`` …

    Returns:
        The complete run.

    Raises:
        UserError: a name, option or file is wrong, or the folder holds another run.
        RunError: model, judge, network or disk failed; call again with the same arguments to resume.
    """
    resolved = config_from(config or {}, {"model": model, **options})
    show = progress or Silent()
    plan = make_plan(resolved, Path(out) if out is not None else None, show)
    return run_plan(plan, show)


def run_plan(plan: Plan, progress: Progress) -> Run:
    """Carry a plan out. See ``evaluate`` for what is raised."""
    folder = RunFolder(plan.folder)
    with folder.locked():
        local = resolve_local(plan.config.model, progress.download) if is_local(plan.config.model) else None
        measure = _measure_safety if plan.kind is Kind.SAFETY else _measure_capability
        measure(folder, plan, local, progress)
        write_report([folder.path], folder.report_path)
    return open_run(folder.path)


def _measure_safety(folder: RunFolder, plan: Plan, local: LocalModel | None, progress: Progress) -> None:
    bench = make_bench(plan.config)
    if plan.config.validation is not None:
        bind_record(folder, Path(plan.config.validation), bench.key, bench.about(plan.config.model))
    _prepare(folder, plan, local, bench.key)
    bench.require_usable(folder)
    _ask_missing(folder, plan, progress)
    _guard(folder, plan.config, progress)
    judge_run(folder, bench, progress)


def _measure_capability(folder: RunFolder, plan: Plan, local: LocalModel | None, progress: Progress) -> None:
    _prepare(folder, plan, local, instrument_of(plan.kind, plan.config.method).key)
    if plan.config.method == LIKELIHOOD:
        before = len(folder.likelihoods)
        try:
            weigh_missing(folder, plan, local, progress)
        finally:
            _record_invocation(folder, len(folder.likelihoods) - before)
    else:
        _ask_missing(folder, plan, progress)
        _guard(folder, plan.config, progress)
    score_run(folder, plan.kind, plan.config.method)


def _guard(folder: RunFolder, config: EvalConfig, progress: Progress) -> None:
    if (post := post_of(config)) is not None:
        guard_run(folder, post, progress)


def make_bench(config: EvalConfig) -> Bench:
    """The judge that a configuration names."""
    return Bench(
        judge=find_judge(config.judge), model=config.judge_model, seed=config.seed, max_retries=config.max_retries
    )


def _prepare(folder: RunFolder, plan: Plan, local: LocalModel | None, judge_key: str) -> None:
    """Make the folder a run, or check that it already is the same one."""
    manifest = make_manifest(plan.config, plan.loaded, plan.requests, local, judge_key, plan.kind, plan.references)
    if folder.manifest_path.is_file() and _begun(RunFolder.open(folder.path)):
        _require_same(folder, manifest)
        manifest = {**folder.manifest, "judge": judge_key}
    else:
        folder.write_requests(plan.requests)
        if plan.questions:
            folder.write_questions(plan.questions.values())
    folder.write_config(plan.config.as_toml())
    folder.write_manifest(manifest)


def _begun(folder: RunFolder) -> bool:
    return bool(folder.responses or folder.likelihoods)


def _require_same(folder: RunFolder, fresh: Mapping[str, Any]) -> None:
    """Refuse to mix answers that were asked for differently.

    Raises:
        UserError: says in what the stored run differs.
    """
    stored = folder.manifest
    keys = dict.fromkeys([*fresh["identity"], *stored["identity"]])
    differing = [key for key in keys if stored["identity"].get(key) != fresh["identity"].get(key)]
    if stored["dataset"]["requests_sha256"] != fresh["dataset"]["requests_sha256"]:
        differing.append("requests")
    if stored["model"]["sha256"] != fresh["model"]["sha256"]:
        differing.append("model file")
    differing += [name for name in ("guard", "demonstrations") if stored.get(name) != fresh.get(name)]
    if differing:
        raise UserError(
            f"{folder.path} holds a run with another {', '.join(dict.fromkeys(differing))}. Choose another "
            "--out, or remove that folder."
        )


def _ask_missing(folder: RunFolder, plan: Plan, progress: Progress) -> None:
    answered = {response.request_id for response in folder.responses}
    missing = [request for request in plan.requests if request.id not in answered]
    progress.start("asking the model", len(plan.requests), len(plan.requests) - len(missing))
    if missing:
        try:
            _ask(folder, plan.config, missing, progress)
        finally:
            _record_invocation(folder, len(folder.responses) - len(answered))
    left = len(plan.requests) - len({response.request_id for response in folder.responses})
    if left:
        raise RunError(f"{left} of {len(plan.requests)} requests have no response. Run the same command to ask them.")


def _ask(folder: RunFolder, config: EvalConfig, missing: Sequence[Request], progress: Progress) -> None:
    attack = find_attack(config.attack)
    setting = Setting(
        system_prompt=config.system_prompt,
        demonstrations=demonstrations(config.demonstrations, config.demonstrations_mix, config.seed),
    )
    questions = [Question(id=request.id, messages=setting.messages(request, attack)) for request in missing]
    settings = AskSettings(
        max_tokens=config.max_tokens,
        temperature=config.temperature,
        seed=config.seed,
        max_retries=config.max_retries,
        max_connections=config.max_connections,
        base_url=config.base_url,
        model_args=config.model_args,
    )
    with folder.response_log() as log:

        def take(response: Response) -> None:
            log.append(response)
            progress.advance()

        ask(config.model, questions, settings, take, logs=folder.logs_path, name=config.dataset)


def _record_invocation(folder: RunFolder, asked: int) -> None:
    manifest = folder.manifest
    manifest["invocations"].append(invocation(asked))
    folder.write_manifest(manifest)
