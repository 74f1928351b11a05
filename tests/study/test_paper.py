"""The studies that ship repeat the paper's tables, and run with one small model in the place of all."""

import tomllib
from collections.abc import Callable
from pathlib import Path

import jinja2
import pytest

from primum.errors import UserError
from primum.evaluation import Silent
from primum.study import Changes, make_study_plan, read_study
from primum.study.words import lines
from tests.cli.commandline import primum
from tests.stories.scripts import REFUSAL, script
from tests.study.studies import PAPER

DATA = ("hex-phi", "medsafetybench", "medsafetybench-llama2", "medqa", "medmcqa", "pubmedqa", "mmlu-medical")
FORMS = PAPER[0].parent / "templates"


@pytest.fixture
def copies(copy_of: Callable[[str], Path]) -> dict[str, str]:
    """Made-up local copies of every data set that the studies ask for."""
    return {name: str(copy_of(name)) for name in DATA}


def test_there_is_a_study_for_each_result_of_the_paper() -> None:
    names = {path.stem for path in PAPER}
    assert names == {"harm", "harm-by-principle", "finetuning", "finetuning-dose", "capability"}


@pytest.mark.parametrize("path", PAPER, ids=lambda path: path.stem)
def test_the_first_line_says_how_to_run_it_and_that_command_works(path: Path, copies: dict[str, str]) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first == f"# primum study configs/paper/{path.name} --dry-run"
    words = [word for name, folder in copies.items() for word in ("--data-dir", f"{name}={folder}")]
    said = primum("study", path, "--dry-run", *words)
    assert said.code == 0, said.err
    assert "requests" in said.err
    assert f"models     {len(read_study(path).models)}" in said.err


@pytest.mark.parametrize("path", PAPER, ids=lambda path: path.stem)
def test_every_cell_of_its_models_as_they_are_can_be_run_where_its_data_is(path: Path, copies: dict[str, str]) -> None:
    study = read_study(path)
    only = tuple(model.name for model in study.models)
    plan = make_study_plan(study, None, Changes(only=only, data_dirs=copies), Silent())
    assert plan.obstacles == ()
    assert len(plan.cells) == plan.planned == len(study.models) * len(study.data)
    assert len(plan.runs) == len(plan.cells)


@pytest.mark.parametrize("path", PAPER, ids=lambda path: path.stem)
def test_it_runs_with_one_model_in_the_place_of_all(path: Path, copies: dict[str, str], tmp_path: Path) -> None:
    model, judge = script(tmp_path / "small.json", REFUSAL), script(tmp_path / "judge.json", "#score: 1")
    words = [word for name, folder in copies.items() for word in ("--data-dir", f"{name}={folder}")]
    for item in read_study(path).models:
        words += ["--only", item.name]
    words += ["--judge-model", judge] if path.stem != "capability" else []
    said = primum("study", path, "--stand-in", model, "--limit", "1", "--out", tmp_path / "out", *words)
    assert said.code == 0, said.err
    table = (tmp_path / "out" / "table.md").read_text(encoding="utf-8")
    assert all(f"| {item.name} (here {model}) |" in table for item in read_study(path).models)
    assert "are not the study's own" in table


def test_without_its_data_a_study_still_shows_its_plan_and_says_what_is_missing(
    empty_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:1")
    monkeypatch.delenv("HF_TOKEN", raising=False)
    study = read_study(next(path for path in PAPER if path.stem == "harm"))
    plan = make_study_plan(study, None, Changes(only=("general",)), Silent())
    told = "\n".join(lines(plan))
    assert "cells      0 of 27 can be run" in told
    assert "not to be had, see below; 300 test" in told
    assert "cannot run Data set 'general': " in told
    with pytest.raises(UserError, match="Data set 'general'"):
        plan.require_runnable()


def test_the_paper_lists_its_models_with_a_revision_or_a_dated_name() -> None:
    models = read_study(next(path for path in PAPER if path.stem == "harm")).models
    assert len(models) == 27
    for model in models:
        assert model.pinned or model.revision == "main" or model.model.startswith("openai/")
    text = (PAPER[0].parent / "models.toml").read_text(encoding="utf-8")
    assert text.count('revision = "main"  # not pinned') == sum(model.revision == "main" for model in models)


def test_the_trainings_are_the_papers() -> None:
    found = read_study(next(path for path in PAPER if path.stem == "finetuning-dose")).finetune
    assert found is not None
    assert (found.recipe, found.overlap) == ("paper", "keep")
    assert found.models == ("medalpaca-7b", "medalpaca-13b", "meditron-7b")
    doses = {item.name: item.n for item in found.demonstrations}
    assert doses["medical"] == doses["general"] == (200, 400, 600, 800, 900)
    assert doses["both"] == tuple(range(200, 2000, 200))


def test_a_training_is_refused_for_a_model_without_a_template_of_its_own(copies: dict[str, str]) -> None:
    study = read_study(next(path for path in PAPER if path.stem == "finetuning"))
    plan = make_study_plan(study, None, Changes(data_dirs=copies), Silent())
    assert len(plan.obstacles) == 3
    assert plan.obstacles[0].startswith("'medalpaca-7b' cannot be trained as it is: the study gives vllm/medalpaca/")
    assert "--model medalpaca-7b=vllm/FOLDER." in plan.obstacles[0]


@pytest.mark.parametrize(
    ("form", "wanted"),
    [
        ("llama-2", "<s>[INST] <<SYS>>\nSYSTEM\n<</SYS>>\n\nQuestion: request 1\n\nAnswer: "),
        ("medalpaca", "<s>Role: SYSTEM\n\nQuestion: request 1\n\nAnswer: "),
        ("vicuna", "<s>SYSTEM USER:request 1 ASSISTANT: "),
        ("pythia", "SYSTEM\n\nQuestion: request 1\n\nAnswer: "),
        (
            "med42",
            "<s>\n            <|system|>: SYSTEM\n            <|prompter|>: request 1\n            <|assistant|>: "
            "\n            ",
        ),
    ],
)
@pytest.mark.parametrize("as_argument", [False, True])
def test_a_form_of_prompt_gives_the_papers_text(form: str, wanted: str, *, as_argument: bool) -> None:
    """As an argument of a server the escapes are read before Jinja sees them: both ways give the same text."""
    text = (FORMS / f"{form}.jinja").read_text(encoding="utf-8").strip()
    if as_argument:
        text = text.encode().decode("unicode_escape")
    messages = [{"role": "system", "content": "SYSTEM"}, {"role": "user", "content": "request 1"}]
    environment = jinja2.Environment(autoescape=False, keep_trailing_newline=True)
    assert environment.from_string(text).render(messages=messages, bos_token="<s>") == wanted


def test_every_form_and_prompt_is_used_by_a_model() -> None:
    models = tomllib.loads((PAPER[0].parent / "models.toml").read_text(encoding="utf-8"))["models"]
    used = {item["template"] for item in models if "template" in item} | {item["system_prompt"][1:] for item in models}
    there = {
        str(path.relative_to(FORMS.parent))
        for place in ("templates", "prompts")
        for path in (FORMS.parent / place).iterdir()
    }
    assert used == there
