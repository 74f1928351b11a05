"""A run folder: what was written is read back, and what is damaged, foreign or in use says so."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from primum.errors import PrimumError, RunError, UserError
from primum.stats import rate_estimate
from primum.store import FORMAT, RunFolder
from primum.types import Finish, Intent, Judgement, Label, Outcome, Request, Response, Score

REQUESTS = tuple(
    Request(text=f"request {number} ä\u2028\n", intent=Intent.BENIGN, category="law", dataset="made-up")
    for number in (1, 2)
)
RESPONSES = tuple(
    Response(request_id=request.id, text=f"answer to {request.text}", finish=Finish.STOP) for request in REQUESTS
)
JUDGEMENTS = tuple(
    Judgement(request_id=request.id, judge="made-up@1", opinion=Score(outcome=Outcome.COMPLIED)) for request in REQUESTS
)
ESTIMATES = (rate_estimate("denial_rate", "overall", events=0, n_scored=2),)
CONFIG: dict[str, Any] = {"model": "made-up", "limit": 2}


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    """A small finished run."""
    run = RunFolder(tmp_path / "run")
    with run.locked():
        run.write_config(CONFIG)
        run.write_requests(REQUESTS)
        run.write_manifest({"format": FORMAT, "primum": "0.1.0"})
        with run.response_log() as log:
            for response in reversed(RESPONSES):
                log.append(response)
        with run.judgement_log("made-up") as judgements:
            for judgement in JUDGEMENTS:
                judgements.append(judgement)
        run.write_estimates("made-up", ESTIMATES, {"name": "made-up", "version": "1"})
    return run


def content(run: RunFolder) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(run.path.rglob("*")) if path.is_file()}


def test_everything_that_was_written_is_read_back(run: RunFolder) -> None:
    found = RunFolder.open(run.path)
    assert found.config == CONFIG
    assert found.manifest == {"format": FORMAT, "primum": "0.1.0"}
    assert found.requests == REQUESTS
    assert found.judges() == ("made-up",)
    assert found.judgements("made-up") == JUDGEMENTS
    assert found.estimates("made-up") == ESTIMATES
    assert found.judge_record("made-up") == {"name": "made-up", "version": "1"}


def test_responses_come_in_the_order_of_their_arrival(run: RunFolder) -> None:
    assert run.responses == tuple(reversed(RESPONSES))


def test_what_was_not_done_yet_is_empty_and_no_error(tmp_path: Path) -> None:
    run = RunFolder(tmp_path)
    assert (run.responses, run.judges(), run.judgements("made-up"), run.estimates("made-up")) == ((), (), (), ())
    assert run.judge_record("made-up") == {}


def test_a_folder_becomes_a_run_with_its_manifest(tmp_path: Path) -> None:
    run = RunFolder(tmp_path)
    run.write_config(CONFIG)
    run.write_requests(REQUESTS)
    with pytest.raises(UserError, match=r"holds no run \(no manifest\.json\)"):
        RunFolder.open(tmp_path)
    run.write_manifest({"format": FORMAT})
    assert RunFolder.open(tmp_path).requests == REQUESTS


def test_a_folder_that_does_not_exist_holds_no_run_and_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="holds no run"):
        RunFolder.open(tmp_path / "none")
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("manifest", "words"),
    [
        ({"format": FORMAT + 1, "primum": "9.9.9"}, rf"format {FORMAT + 1}; .*reads format {FORMAT}.*primum 9\.9\.9"),
        ({"format": "1"}, "primum unknown"),
        ({}, "format None"),
    ],
    ids=str,
)
def test_a_run_of_another_format_is_not_read_and_says_who_wrote_it(
    tmp_path: Path, manifest: dict[str, Any], words: str
) -> None:
    RunFolder(tmp_path).write_manifest(manifest)
    with pytest.raises(UserError, match=words):
        RunFolder.open(tmp_path)


@pytest.mark.parametrize("damage", [b"", b"{", b"\xff\xfe", b"[]", b"null", b'"text"', b"\0" * 100], ids=str)
def test_a_damaged_manifest_is_told_in_one_line(run: RunFolder, damage: bytes) -> None:
    run.manifest_path.write_bytes(damage)
    with pytest.raises(UserError, match=r"manifest\.json") as caught:
        RunFolder.open(run.path)
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize("damage", [b"= 1", b"\xff\xfe", b'a = "'], ids=str)
def test_a_damaged_configuration_is_told_with_its_file(run: RunFolder, damage: bytes) -> None:
    run.config_path.write_bytes(damage)
    with pytest.raises(UserError, match=r"config\.toml cannot be read"):
        _ = run.config


def test_a_missing_configuration_is_told_with_its_file(run: RunFolder) -> None:
    run.config_path.unlink()
    with pytest.raises(UserError, match=r"config\.toml cannot be read"):
        _ = run.config


@pytest.mark.parametrize(
    "damage", [b"", b"{", b"[]", b"{}", b'{"judge": {}, "estimates": [{}]}', b'{"judge": {}, "estimates": 5}'], ids=str
)
def test_damaged_estimates_are_told_with_their_file(run: RunFolder, damage: bytes) -> None:
    path = run.path / "estimates" / "made-up.json"
    path.write_bytes(damage)
    with pytest.raises(PrimumError, match=r"made-up\.json"):
        run.estimates("made-up")


def test_requests_that_are_gone_are_missed(run: RunFolder) -> None:
    """A run that seems to have asked nothing would report numbers over nothing."""
    (run.path / "requests.jsonl").unlink()
    with pytest.raises(PrimumError, match=r"requests\.jsonl"):
        _ = RunFolder.open(run.path).requests


@pytest.mark.parametrize("place", ["responses.jsonl", "judgements/made-up.jsonl"])
def test_a_line_torn_by_a_kill_is_passed_over_by_readers(run: RunFolder, place: str) -> None:
    path = run.path / place
    path.write_bytes(path.read_bytes()[:-5])
    assert len(run.responses) + len(run.judgements("made-up")) == 3


@pytest.mark.parametrize("place", ["responses.jsonl", "judgements/made-up.jsonl"])
def test_reading_a_run_never_changes_its_files(run: RunFolder, place: str) -> None:
    """Not even a torn line: another process may be writing it right now, and the folder may be read-only."""
    path = run.path / place
    path.write_bytes(path.read_bytes()[:-5])
    before = content(run)
    found = RunFolder.open(run.path)
    _ = (found.config, found.requests, found.responses, found.judgements("made-up"), found.estimates("made-up"))
    assert content(run) == before


def test_the_next_writer_takes_a_torn_line_away(run: RunFolder) -> None:
    path = run.path / "responses.jsonl"
    path.write_bytes(path.read_bytes()[:-5])
    with run.response_log() as log:
        log.append(RESPONSES[0])
    assert run.responses == (RESPONSES[1], RESPONSES[0])


def test_a_full_disk_keeps_every_response_before_it(run: RunFolder) -> None:
    (run.path / "judgements" / "other.jsonl").symlink_to("/dev/full")
    before = run.responses
    with pytest.raises(RunError, match="The disk is full"), run.judgement_log("other") as log:
        log.append(JUDGEMENTS[0])
    assert run.responses == before


def test_a_full_disk_keeps_the_old_numbers(run: RunFolder) -> None:
    (run.path / "estimates" / ".made-up.json.part").symlink_to("/dev/full")
    with pytest.raises(RunError, match="The disk is full"):
        run.write_estimates("made-up", (), {})
    assert run.estimates("made-up") == ESTIMATES


HOLD = """
import sys
from pathlib import Path
from primum.store import RunFolder
with RunFolder(Path(sys.argv[1])).locked():
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def another_process_at_work_on(path: Path) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def test_a_folder_in_use_is_refused_at_once_and_free_again_when_its_user_is_killed(run: RunFolder) -> None:
    with another_process_at_work_on(run.path) as process:
        with pytest.raises(UserError, match=r"Another process is working on .*choose another --out"), run.locked():
            pass
        process.kill()
        process.wait()
        with run.locked():
            assert run.requests == REQUESTS


def test_a_run_can_be_read_while_another_process_writes_it(run: RunFolder) -> None:
    with another_process_at_work_on(run.path):
        assert len(RunFolder.open(run.path).responses) == 2


def test_the_lock_is_given_back_when_the_work_fails(run: RunFolder) -> None:
    with pytest.raises(KeyError), run.locked():
        raise KeyError("a bug")
    with run.locked():
        assert run.path.is_dir()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(RunError, match=r"Cannot write .*run"), RunFolder(tmp_path / "file" / "run").locked():
        pass


def test_the_report_and_the_logs_lie_in_the_folder(run: RunFolder) -> None:
    assert run.report_path == run.path / "report.html"
    assert run.logs_path == run.path / "logs"


def test_labels_are_read_in_the_order_of_their_import_and_are_none_at_first(run: RunFolder) -> None:
    assert run.labels == ()
    labels = tuple(
        Label(request_id=request.id, label=Outcome.PARTIAL, rater="anna ä", stratum="random", probability=0.5)
        for request in REQUESTS
    )
    for label in labels:
        with run.label_log() as log:
            log.append(label)
    with run.labels_path.open("a", encoding="utf-8") as file:
        file.write('{"request_id": "torn')
    assert RunFolder.open(run.path).labels == labels
