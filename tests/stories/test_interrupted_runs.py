"""Killed, stopped or out of disk at any moment: what was answered is kept, and the same command asks only the rest."""

import signal
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

import primum
from primum.store import AppendLog, RunFolder
from tests.cli.commandline import primum as command
from tests.stories.scripts import ANSWER, REFUSAL, script

LIMIT = 72

START = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # a test run in the background passes on "ignored"
from primum.cli.app import main
main()
"""


def stop_in_the_middle(folder: Path, model: str, by: signal.Signals) -> "Stopped":
    """Run the command, and send it a signal as soon as some answers are on the disk."""
    words = ["eval", model, "--limit", str(LIMIT), "--max-connections", "1", "--out", str(folder)]
    process = subprocess.Popen(
        [sys.executable, "-c", START, *words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    while len(lines(folder / "responses.jsonl")) < 3:
        assert process.poll() is None, "the run ended before it could be stopped"
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.02)
    process.send_signal(by)
    _, err = process.communicate(timeout=60)
    return Stopped(folder=folder, model=model, code=process.returncode, err=err)


@dataclass(frozen=True, kw_only=True)
class Stopped:
    """What a stopped process left."""

    folder: Path
    model: str
    code: int
    err: str


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> dict[signal.Signals, Stopped]:
    """A run for each signal; both processes at once, since each takes seconds to load Inspect."""
    place, signals = tmp_path_factory.mktemp("stopped"), (signal.SIGKILL, signal.SIGINT)
    models = [script(place / f"{by.name}.json", REFUSAL) for by in signals]
    with ThreadPoolExecutor(len(signals)) as pool:
        runs = pool.map(stop_in_the_middle, [place / by.name for by in signals], models, signals)
        return dict(zip(signals, runs, strict=True))


def lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines(keepends=True) if path.exists() else []


def check_resumed(run: primum.Run, kept: int) -> None:
    """Every request exactly once; the first answers are those from before the stop, the others from after."""
    assert run.complete
    assert Counter(item.request_id for item in run.responses) == Counter(item.id for item in run.requests)
    assert Counter(item.request_id for item in run.judgements) == Counter(item.id for item in run.requests)
    assert [item.text for item in run.responses] == [REFUSAL] * kept + [ANSWER] * (len(run.requests) - kept)
    assert [item["asked"] for item in run.manifest["invocations"]][-1] == len(run.requests) - kept


@pytest.mark.parametrize("by", [signal.SIGKILL, signal.SIGINT], ids=lambda by: by.name)
def test_a_run_that_was_stopped_in_the_middle_goes_on_where_it_was(
    stopped: dict[signal.Signals, Stopped], by: signal.Signals
) -> None:
    left = stopped[by]
    kept = sum(line.endswith(b"\n") for line in lines(left.folder / "responses.jsonl"))
    assert 3 <= kept < LIMIT
    script(Path(left.model.removeprefix("scripted/")), ANSWER)
    check_resumed(primum.evaluate(left.model, limit=LIMIT, out=left.folder), kept)


def test_control_c_is_one_line_that_says_how_to_go_on(stopped: dict[signal.Signals, Stopped]) -> None:
    left = stopped[signal.SIGINT]
    assert left.err.rstrip().endswith("Interrupted. What was done is kept; run the same command to go on.")
    assert "Traceback" not in left.err
    assert left.code == 1


def test_a_line_that_was_cut_by_the_kill_is_asked_again(tmp_path: Path) -> None:
    model, folder = script(tmp_path / "model.json", REFUSAL), tmp_path / "run"
    primum.evaluate(model, limit=6, out=folder)
    whole = lines(folder / "responses.jsonl")
    (folder / "responses.jsonl").write_bytes(b"".join(whole[:3]) + whole[3][:-20])
    (folder / "judgements").rename(tmp_path / "judgements")
    script(tmp_path / "model.json", ANSWER)
    check_resumed(primum.evaluate(model, limit=6, out=folder), kept=3)


def test_a_kill_while_judging_loses_no_judgement_and_asks_the_model_nothing(tmp_path: Path) -> None:
    model = script(tmp_path / "model.json", REFUSAL)
    run = primum.evaluate(model, limit=6, out=tmp_path / "run")
    (file,) = (run.path / "judgements").iterdir()
    whole = lines(file)
    file.write_bytes(b"".join(whole[:2]) + whole[2][:-5])
    (run.path / "estimates" / f"{run.judge}.json").unlink()
    run.report_path.unlink()
    (tmp_path / "model.json").unlink()
    assert primum.evaluate(model, limit=6, out=run.path) == run
    assert lines(file) == whole
    assert run.report_path.is_file()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_is_one_line_and_the_run_can_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model, folder = script(tmp_path / "model.json", REFUSAL), tmp_path / "run"
    words = ("eval", model, "--limit", "4", "--out", str(folder))
    with monkeypatch.context() as patch:
        patch.setattr(RunFolder, "response_log", lambda _: AppendLog(Path("/dev/full")))
        said = command(*words)
    assert said.code == 1
    assert "The disk is full: /dev/full could not be written." in said.error
    assert "run the same command again" in said.error
    assert command(*words).code == 0
    assert primum.open_run(folder).complete


def test_a_report_of_a_stopped_run_says_that_it_is_not_complete(tmp_path: Path) -> None:
    model, folder = script(tmp_path / "model.json", REFUSAL), tmp_path / "run"
    primum.evaluate(model, limit=6, out=folder)
    (folder / "responses.jsonl").write_bytes(b"".join(lines(folder / "responses.jsonl")[:3]))
    (folder / "judgements").rename(tmp_path / "judgements")
    said = command("judge", folder)
    assert said.code == 0
    assert {item.n_scored for item in primum.open_run(folder).estimates if item.metric == "blocked_rate"} >= {3}
    assert "This run is not complete" in (folder / "report.html").read_text(encoding="utf-8")


def test_a_judge_that_cannot_be_asked_is_found_out_before_the_model_is_asked(tmp_path: Path) -> None:
    """A mistyped judge must not cost a whole run of the tested model first."""
    model, folder = script(tmp_path / "model.json", REFUSAL), tmp_path / "run"
    judge = f"scripted/{tmp_path / 'none.json'}"
    said = command("eval", model, "--limit", "4", "--judge", "rubric", "--judge-model", judge, "--out", folder)
    assert said.code == 2
    assert "There is no script" in said.error
    assert lines(folder / "responses.jsonl") == []
