"""A person evaluates a model, looks at the numbers, and does it again."""

import json
import tomllib
from pathlib import Path

import pytest

import primum
from primum.evaluation import Silent, config_from, make_plan
from primum.evaluation.manifest import make_manifest
from primum.evaluation.workflow import _require_same
from primum.store import RunFolder
from primum.types import Finish, Intent, Outcome, Score
from tests.cli.commandline import primum as command
from tests.stories.scripts import ANSWER, REFUSAL, script


def test_a_run_gives_a_folder_with_words_numbers_and_a_report(tmp_path: Path) -> None:
    run = primum.evaluate(script(tmp_path / "model.json", REFUSAL), limit=18, out=tmp_path / "run")
    assert run.complete
    assert {path.name for path in run.path.iterdir() if not path.name.startswith(".")} == {
        "config.toml", "manifest.json", "requests.jsonl", "responses.jsonl", "judgements", "estimates", "report.html",
        "logs",
    }  # fmt: skip
    assert {item.text for item in run.responses} == {REFUSAL}
    assert {item.request_id for item in run.responses} == {item.id for item in run.requests}
    harm, denial = run.estimate("harm_rate"), run.estimate("denial_rate")
    assert (harm.events, harm.n_scored, denial.events, denial.n_scored) == (0, 9, 9, 9)
    assert (run.manifest["seed"], run.manifest["dataset"]["requests"]) == (0, 18)
    assert [item["asked"] for item in run.manifest["invocations"]] == [18]
    page = run.report_path.read_text(encoding="utf-8")
    assert "denied 100.0 %" in page
    assert primum.open_run(run.path) == run


def test_a_model_that_answers_everything_is_told_apart_from_one_that_refuses_everything(tmp_path: Path) -> None:
    willing = primum.evaluate(script(tmp_path / "willing.json", ANSWER), limit=18, out=tmp_path / "willing")
    refusing = primum.evaluate(script(tmp_path / "refusing.json", REFUSAL), limit=18, out=tmp_path / "refusing")
    assert (willing.estimate("harm_rate").value, willing.estimate("denial_rate").value) == (1, 0)
    assert (refusing.estimate("harm_rate").value, refusing.estimate("denial_rate").value) == (0, 1)
    page = primum.write_report([willing.path, refusing.path], tmp_path / "both.html").read_text(encoding="utf-8")
    assert "2 runs side by side" in page


def test_the_same_command_again_asks_nothing_and_gives_the_same_numbers(tmp_path: Path) -> None:
    """The model is gone by then: nothing could have been asked."""
    model = script(tmp_path / "model.json", ANSWER)
    words = ("eval", model, "--limit", "4", "--out", str(tmp_path / "run"))
    first = command(*words)
    before = {path.name: path.read_bytes() for path in (tmp_path / "run").glob("*.jsonl")}
    (tmp_path / "model.json").unlink()
    second = command(*words)
    assert (first.code, second.code) == (0, 0)
    assert first.out == second.out
    assert "harm_rate                   100.0 %  34.2 to 100.0 %    2 of 2" in first.out
    assert f"Report: {tmp_path / 'run' / 'report.html'}" in first.out
    assert "4 of 4 already answered there" in second.err
    assert before == {path.name: path.read_bytes() for path in (tmp_path / "run").glob("*.jsonl")}


def test_what_the_command_line_and_the_library_write_is_the_same(tmp_path: Path) -> None:
    model = script(tmp_path / "model.json", REFUSAL)
    by_library = primum.evaluate(model, limit=4, out=tmp_path / "library")
    assert command("eval", model, "--limit", "4", "--out", tmp_path / "command").code == 0
    by_command = primum.open_run(tmp_path / "command")
    assert by_command.estimates == by_library.estimates
    assert by_command.config == by_library.config
    assert by_command.requests == by_library.requests


def test_another_configuration_in_the_same_folder_is_refused_with_the_differing_keys(tmp_path: Path) -> None:
    model, other = script(tmp_path / "model.json", REFUSAL), script(tmp_path / "other.json", ANSWER)
    kept = primum.evaluate(model, limit=4, out=tmp_path / "run", model_args={})
    said = command("eval", other, "--limit", "4", "--seed", "0", "--max-tokens", "9", "--out", tmp_path / "run")
    assert said.code == 2
    assert "holds a run with another model, max_tokens. Choose another --out, or remove that folder." in said.error
    said = command("eval", model, "--limit", "6", "--out", tmp_path / "run")
    assert "another limit, requests." in said.error
    assert primum.open_run(tmp_path / "run") == kept


def test_settings_of_speed_are_not_blamed_for_a_difference(tmp_path: Path) -> None:
    """A run of two threads may go on with four; what differs is the number of tokens."""
    said, folder = {"model": "gguf/smollm2-135m", "limit": 4}, RunFolder(tmp_path / "run")
    config = config_from(said, {"model_args": {"threads": 2}})
    plan = make_plan(config, folder.path, Silent())
    folder.write_requests(plan.requests)
    folder.write_config(config.as_toml())
    folder.write_manifest(make_manifest(config, plan.loaded, plan.requests, None, "embedded@1"))
    other = config_from(said, {"model_args": {"threads": 4}, "max_tokens": 9})
    with pytest.raises(primum.UserError, match=r"another max_tokens\. "):
        _require_same(folder, make_manifest(other, plan.loaded, plan.requests, None, "embedded@1"))


def test_two_runs_of_one_name_are_told_apart_in_one_report(tmp_path: Path) -> None:
    """Before and after: the same model name, the same folder name, in two places."""
    places = [tmp_path / "before" / "run", tmp_path / "after" / "run"]
    for place, reply in zip(places, (ANSWER, REFUSAL), strict=True):
        primum.evaluate(script(tmp_path / "model.json", reply), limit=4, out=place)
    page = primum.write_report(places, tmp_path / "report.html").read_text(encoding="utf-8")
    data = page.split('<script id="data" type="application/json">')[1].split("</script>")[0]
    labels = {item["response"]: item["run"] for item in json.loads(data)}
    assert labels[ANSWER] != labels[REFUSAL]


def test_a_folder_that_another_process_works_on_is_left_alone(tmp_path: Path) -> None:
    model = script(tmp_path / "model.json", REFUSAL)
    with RunFolder(tmp_path / "run").locked():
        said = command("eval", model, "--limit", "4", "--out", tmp_path / "run")
    assert said.code == 2
    assert "Another process is working on" in said.error
    assert not (tmp_path / "run" / "manifest.json").exists()


def test_an_empty_answer_is_incoherent_and_a_blocked_one_is_refused_and_counted_apart(tmp_path: Path) -> None:
    config = config_from({"model": "openai/model-1", "limit": 18})
    blocked = next(item for item in make_plan(config, tmp_path, Silent()).requests if item.intent is Intent.BENIGN).text
    model = script(tmp_path / "model.json", "", rules=[{"contains": blocked, "reply": "", "finish": "filtered"}])
    run = primum.evaluate(model, limit=18, out=tmp_path / "run")
    mine = next(item for item in run.requests if item.text == blocked)
    opinions = {item.request_id: item.opinion for item in run.judgements}
    assert opinions.pop(mine.id) == Score(outcome=Outcome.REFUSED, confidence=1.0)
    assert set(opinions.values()) == {Score(outcome=Outcome.INCOHERENT, confidence=1.0)}
    assert [item.request_id for item in run.responses if item.finish is Finish.FILTERED] == [mine.id]
    assert run.estimate("blocked_rate").events == 1
    assert run.estimate("harm_rate").events == 0
    assert run.estimate("denial_rate").events == 1


def test_a_cut_answer_is_an_answer_and_keeps_its_finish(tmp_path: Path) -> None:
    run = primum.evaluate(script(tmp_path / "model.json", ANSWER, finish="length"), limit=4, out=tmp_path / "run")
    assert {item.finish for item in run.responses} == {Finish.LENGTH}
    assert run.estimate("harm_rate").value == 1


@pytest.mark.parametrize("text", ["half an emoji \ud83d", "\x00\x1b[31m\u2028", "\ufffe \U0010ffff"], ids=ascii)
def test_odd_characters_in_an_answer_do_not_stop_the_run(tmp_path: Path, text: str) -> None:
    """An answer that is cut in the middle of a character pair is still the model's answer."""
    run = primum.evaluate(script(tmp_path / "model.json", text), limit=4, out=tmp_path / "run")
    assert run.complete


def test_every_answer_is_asked_with_the_system_prompt_and_the_settings_that_were_stored(tmp_path: Path) -> None:
    model = script(tmp_path / "model.json", REFUSAL)
    run = primum.evaluate(model, limit=4, system_prompt="prompt 1", max_tokens=9, out=tmp_path / "run")
    stored = tomllib.loads((run.path / "config.toml").read_text(encoding="utf-8"))
    assert (stored["system_prompt"], stored["max_tokens"], stored["limit"]) == ("prompt 1", 9, 4)
    assert "prompt 1" in run.report_path.read_text(encoding="utf-8")


def test_a_config_file_is_enough(tmp_path: Path) -> None:
    model = script(tmp_path / "model.json", REFUSAL)
    (tmp_path / "eval.toml").write_text(f"model = {json.dumps(model)}\nlimit = 4\n", encoding="utf-8")
    done = command("eval", "--config", tmp_path / "eval.toml", "--out", tmp_path / "run")
    assert done.code == 0
    assert {item.intent for item in primum.open_run(tmp_path / "run").requests} == set(Intent)
