"""Downloads of pinned files: whole, checked, resumed, or refused with a line that says why."""

import hashlib
import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from primum.errors import RunError
from primum.fetch import PinnedFile, fetch, file_sha256
from tests.fetch.filehost import FileHost, Page

CONTENT = random.Random(0).randbytes(3_000_000)
WRONG = random.Random(1).randbytes(len(CONTENT))
SHA256 = hashlib.sha256(CONTENT).hexdigest()
PATH = "/weights.bin"


@pytest.fixture
def host() -> Iterator[FileHost]:
    with FileHost() as host:
        host.put(PATH, CONTENT)
        yield host


@pytest.fixture
def other() -> Iterator[FileHost]:
    with FileHost() as host:
        host.put(PATH, CONTENT)
        yield host


@pytest.fixture
def folder(empty_cache: Path) -> Path:
    """Where the file goes in the cache."""
    return empty_cache / "files" / SHA256[:16]


def pinned(*hosts: FileHost) -> PinnedFile:
    def at(host: FileHost) -> Callable[[], str]:
        return lambda: host.address(PATH)

    return PinnedFile(name="weights.bin", sha256=SHA256, size=len(CONTENT), sources=tuple(at(host) for host in hosts))


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != ".lock")


def test_a_file_is_downloaded_once_and_then_taken_from_the_cache(host: FileHost, folder: Path) -> None:
    path = fetch(pinned(host))
    assert path == folder / "weights.bin"
    assert path.read_bytes() == CONTENT
    assert fetch(pinned(host)) == path
    assert host.paths() == [PATH]
    assert left_in(folder) == ["weights.bin"]


def test_progress_counts_up_to_the_size(host: FileHost, folder: Path) -> None:
    calls: list[tuple[str, int, int]] = []
    fetch(pinned(host), lambda *call: calls.append(call))
    done = [call[1] for call in calls]
    assert {(call[0], call[2]) for call in calls} == {("weights.bin", len(CONTENT))}
    assert done == sorted(done)
    assert len(done) > 1
    assert done[-1] == len(CONTENT)


def test_a_broken_download_is_resumed_where_it_broke(host: FileHost, folder: Path) -> None:
    host.breaks_after = [2_000_000]
    with pytest.raises(RunError, match=r"Could not fetch weights\.bin"):
        fetch(pinned(host))
    assert left_in(folder) == ["weights.bin.part"]
    kept = (folder / "weights.bin.part").stat().st_size
    assert 0 < kept <= 2_000_000

    calls: list[int] = []
    path = fetch(pinned(host), lambda _name, done, _size: calls.append(done))
    assert path.read_bytes() == CONTENT
    assert host.visits[-1].headers["range"] == f"bytes={kept}-"
    assert kept < calls[0] <= calls[-1] == len(CONTENT)
    assert left_in(folder) == ["weights.bin"]


def test_a_host_without_ranges_sends_it_all_again(host: FileHost, folder: Path) -> None:
    host.ranges, host.breaks_after = False, [2_000_000]
    with pytest.raises(RunError):
        fetch(pinned(host))
    assert fetch(pinned(host)).read_bytes() == CONTENT
    assert "range" in host.visits[-1].headers


def test_a_second_source_goes_on_where_the_first_one_broke(host: FileHost, other: FileHost, folder: Path) -> None:
    host.breaks_after = [2_000_000]
    assert fetch(pinned(host, other)).read_bytes() == CONTENT
    assert int(other.visits[0].headers["range"].removeprefix("bytes=").removesuffix("-")) > 0


def test_a_broken_download_from_a_host_that_compresses_is_resumed_too(host: FileHost, folder: Path) -> None:
    """A range counts the bytes that travel: what was unpacked on the way cannot be resumed (RFC 9110, 14.2)."""
    host.compresses, host.breaks_after = True, [2_000_000]
    with pytest.raises(RunError):
        fetch(pinned(host))
    assert fetch(pinned(host)).read_bytes() == CONTENT


def test_a_file_with_the_wrong_hash_is_refused_and_nothing_of_it_is_kept(host: FileHost, folder: Path) -> None:
    host.put(PATH, WRONG)
    with pytest.raises(RunError, match=rf"{hashlib.sha256(WRONG).hexdigest()[:12]}.*expected {SHA256[:12]}"):
        fetch(pinned(host))
    assert left_in(folder) == []


@pytest.mark.parametrize("body", [b"", CONTENT[:-1], CONTENT + b"x"], ids=["empty", "too short", "too long"])
def test_a_file_of_the_wrong_length_is_refused_and_nothing_of_it_is_kept(
    host: FileHost, folder: Path, body: bytes
) -> None:
    host.put(PATH, body)
    with pytest.raises(RunError, match="thrown away"):
        fetch(pinned(host))
    assert left_in(folder) == []


def test_a_wrong_file_from_the_first_source_does_not_spoil_the_second(
    host: FileHost, other: FileHost, folder: Path
) -> None:
    host.put(PATH, WRONG)
    assert fetch(pinned(host, other)).read_bytes() == CONTENT
    assert "range" not in other.visits[0].headers


@pytest.mark.parametrize("beginning", [b"spoilt", WRONG], ids=["short", "full length"])
def test_a_spoilt_beginning_is_thrown_away_so_that_the_next_try_works(
    host: FileHost, folder: Path, beginning: bytes
) -> None:
    folder.mkdir(parents=True)
    (folder / "weights.bin.part").write_bytes(beginning)
    with pytest.raises(RunError, match="thrown away"):
        fetch(pinned(host))
    assert fetch(pinned(host)).read_bytes() == CONTENT


def test_a_download_that_was_killed_before_its_last_step_is_not_repeated(host: FileHost, folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "weights.bin.part").write_bytes(CONTENT)
    assert fetch(pinned(host)).read_bytes() == CONTENT
    assert host.visits == []


def test_a_missing_file_is_told_with_its_address(host: FileHost, folder: Path) -> None:
    host.pages.clear()
    with pytest.raises(RunError, match=rf"404 .*{host.address(PATH)}"):
        fetch(pinned(host))
    assert left_in(folder) == []


def test_the_second_source_is_asked_when_the_first_has_nothing(host: FileHost, other: FileHost, folder: Path) -> None:
    host.pages.clear()
    assert fetch(pinned(host, other)).read_bytes() == CONTENT
    assert (host.paths(), other.paths()) == ([PATH], [PATH])


def test_the_second_source_is_not_asked_when_the_first_delivers(host: FileHost, other: FileHost, folder: Path) -> None:
    fetch(pinned(host, other))
    assert other.visits == []


def test_the_faults_of_all_sources_are_told(host: FileHost, other: FileHost, folder: Path) -> None:
    host.pages.clear()
    other.put(PATH, WRONG)
    with pytest.raises(RunError, match=r"(?s)404 .* \| .*sha256.*Check the network"):
        fetch(pinned(host, other))


def test_a_failed_download_is_told_in_one_line(host: FileHost, folder: Path) -> None:
    host.pages.clear()
    with pytest.raises(RunError) as caught:
        fetch(pinned(host))
    assert len(str(caught.value).splitlines()) == 1


def test_a_host_that_does_not_answer_is_told(empty_cache: Path) -> None:
    with FileHost() as gone:
        address = gone.address(PATH)
    file = PinnedFile(name="weights.bin", sha256=SHA256, size=len(CONTENT), sources=(lambda: address,))
    with pytest.raises(RunError, match="refused"):
        fetch(file)


@pytest.mark.parametrize("address", ["nonsense", "http://host:port/x", "file:///x", ""])
def test_an_address_that_is_none_is_told_and_the_next_source_asked(host: FileHost, folder: Path, address: str) -> None:
    """The address comes from a variable that a person sets (HF_ENDPOINT, PIP_INDEX_URL …)."""
    bad = PinnedFile(name="weights.bin", sha256=SHA256, size=len(CONTENT), sources=(lambda: address,))
    with pytest.raises(RunError, match="Could not fetch"):
        fetch(bad)
    good = PinnedFile(
        name="weights.bin", sha256=SHA256, size=len(CONTENT), sources=(*bad.sources, *pinned(host).sources)
    )
    assert fetch(good).read_bytes() == CONTENT


def test_a_source_whose_look_up_fails_gives_way_to_the_next(host: FileHost, folder: Path) -> None:
    def look_up() -> str:
        raise RunError("The index is down.")

    file = PinnedFile(name="weights.bin", sha256=SHA256, size=len(CONTENT), sources=(look_up, *pinned(host).sources))
    assert fetch(file).read_bytes() == CONTENT


def test_redirects_are_followed(host: FileHost, folder: Path) -> None:
    host.pages[PATH] = Page(body=b"", moved_to=host.put("/elsewhere", CONTENT))
    assert fetch(pinned(host)).read_bytes() == CONTENT


def test_a_full_disk_is_told_with_what_to_do(host: FileHost, folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "weights.bin.part").symlink_to("/dev/full")
    with pytest.raises(RunError, match=r"Cannot write .*weights\.bin .*No space left.*Free some space"):
        fetch(pinned(host))
    assert not (folder / "weights.bin").exists()


def test_a_cache_that_cannot_be_made_is_told_with_what_to_do(
    host: FileHost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("PRIMUM_CACHE_DIR", str(tmp_path / "file"))
    with pytest.raises(RunError, match=r"Cannot write .*PRIMUM_CACHE_DIR"):
        fetch(pinned(host))


def test_many_who_want_the_same_file_at_once_download_it_once(host: FileHost, folder: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        paths = list(pool.map(lambda _: fetch(pinned(host)), range(4)))
    assert {path.read_bytes() == CONTENT for path in paths} == {True}
    assert host.paths() == [PATH]


def test_the_hash_of_a_file_is_that_of_its_bytes(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(CONTENT)
    assert file_sha256(tmp_path / "file") == SHA256
