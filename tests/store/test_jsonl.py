"""JSON Lines: whole records survive kills and full disks, and a damaged line is named."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from primum.errors import RunError, UserError
from primum.store import AppendLog, read_records
from primum.store.jsonl import cut_torn_line
from primum.types import Finish, Response
from tests.store.any_records import RESPONSES


def response(number: int, text: str = "") -> Response:
    return Response(request_id=f"r{number}", text=text or f"answer {number}", finish=Finish.STOP)


def write_all(path: Path, records: list[Response]) -> None:
    with AppendLog(path) as log:
        for record in records:
            log.append(record)


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file of this process may grow past ``size`` bytes: a disk that fills up in the middle of a line."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=50)
@given(records=st.lists(RESPONSES, max_size=4))
def test_what_was_appended_is_read_back_in_order(
    records: list[Response], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("log") / "responses.jsonl"
    write_all(path, records)
    assert read_records(Response, path) == tuple(records)
    assert path.read_bytes().count(b"\n") == len(records)


def test_a_log_that_is_opened_again_goes_on_where_it_ended(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "responses.jsonl"
    write_all(path, [response(1)])
    write_all(path, [response(2)])
    assert read_records(Response, path) == (response(1), response(2))


def test_a_record_can_be_read_as_soon_as_it_was_appended(tmp_path: Path) -> None:
    path = tmp_path / "responses.jsonl"
    with AppendLog(path) as log:
        log.append(response(1))
        assert read_records(Response, path) == (response(1),)


def test_half_an_emoji_in_an_answer_is_kept_and_stops_nothing(tmp_path: Path) -> None:
    """A provider's JSON may hold a lone surrogate (an answer cut inside an emoji). An odd answer is still the answer."""
    path = tmp_path / "responses.jsonl"
    odd = response(1, "cut \ud83d")
    write_all(path, [odd, response(2)])
    assert read_records(Response, path) == (odd, response(2))


def test_a_line_torn_anywhere_by_a_kill_costs_that_line_alone(tmp_path: Path) -> None:
    path = tmp_path / "responses.jsonl"
    write_all(path, [response(1), response(2, "ä–😀")])
    whole = path.read_bytes()
    first = whole.index(b"\n") + 1
    for cut in range(first, len(whole)):
        path.write_bytes(whole[:cut])
        write_all(path, [response(3)])
        assert read_records(Response, path) == (response(1), response(3)), cut


@pytest.mark.parametrize("length", [1, 65_535, 65_536, 65_537, 200_000])
@pytest.mark.parametrize("before", [b"", b"{}\n", b"x" * 65_535 + b"\n"], ids=["nothing", "one line", "a long line"])
def test_a_torn_line_of_any_length_is_cut_off_and_nothing_else(tmp_path: Path, before: bytes, length: int) -> None:
    path = tmp_path / "responses.jsonl"
    path.write_bytes(before + b"y" * length)
    cut_torn_line(path)
    assert path.read_bytes() == before


def test_cutting_a_file_of_whole_lines_or_no_file_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "responses.jsonl"
    cut_torn_line(path)
    assert not path.exists()
    path.write_bytes(b"{}\n\n")
    cut_torn_line(path)
    assert path.read_bytes() == b"{}\n\n"


def test_no_file_holds_no_records(tmp_path: Path) -> None:
    assert read_records(Response, tmp_path / "none.jsonl") == ()


def test_blank_lines_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "responses.jsonl"
    write_all(path, [response(1)])
    path.write_bytes(b"\n  \n" + path.read_bytes() + b"\r\n")
    assert read_records(Response, path) == (response(1),)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"{broken", "line 2: not JSON"),
        (b'"text"', "line 2: not a response: a JSON object was expected"),
        (b"{}", "line 2: not a response: .*request_id"),
        (b'{"request_id": "r", "text": "t", "finish": "odd"}', "line 2: not a response: .*odd"),
        (b'{"request_id": "r", "text": "t", "finish": "stop", "usage": null}', "line 2: not a response"),
        (b"\xff\xfe", "not UTF-8 text"),
    ],
    ids=["broken", "no object", "no fields", "odd finish", "no usage", "not text"],
)
def test_a_damaged_line_is_a_users_mistake_with_file_and_line(tmp_path: Path, line: bytes, words: str) -> None:
    path = tmp_path / "responses.jsonl"
    write_all(path, [response(1)])
    path.write_bytes(path.read_bytes() + line + b"\n")
    with pytest.raises(UserError, match=words) as caught:
        read_records(Response, path)
    assert str(path) in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_a_folder_in_place_of_the_file_is_a_users_mistake(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="Cannot read"):
        read_records(Response, tmp_path)


def test_a_full_disk_stops_the_run_with_a_line_that_says_so(tmp_path: Path) -> None:
    path = tmp_path / "responses.jsonl"
    path.symlink_to("/dev/full")
    with pytest.raises(RunError, match=r"The disk is full: .*responses\.jsonl"), AppendLog(path) as log:
        log.append(response(1))


def test_a_disk_that_fills_up_within_a_line_keeps_the_lines_before_it(tmp_path: Path) -> None:
    path = tmp_path / "responses.jsonl"
    write_all(path, [response(1)])
    size = path.stat().st_size
    with room_for(size + 20), pytest.raises(RunError, match="The disk is full"), AppendLog(path) as log:
        log.append(response(2))
    assert path.stat().st_size == size
    write_all(path, [response(3)])
    assert read_records(Response, path) == (response(1), response(3))


def test_a_log_whose_folder_cannot_be_made_says_which(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(RunError, match=r"Cannot write .*responses\.jsonl"):
        AppendLog(tmp_path / "file" / "responses.jsonl")


def test_closing_twice_is_harmless(tmp_path: Path) -> None:
    log = AppendLog(tmp_path / "responses.jsonl")
    log.append(response(1))
    log.close()
    log.close()
    assert read_records(Response, log.path) == (response(1),)
