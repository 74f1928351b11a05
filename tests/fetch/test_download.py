"""Downloads of files pinned by hash or by revision: whole, checked, resumed, or refused with a line that says why."""

import hashlib
import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from primum.errors import RunError
from primum.fetch import PinnedFile, RemoteFile, fetch, file_sha256, is_cached
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


REVISION = "github:owner/name@0123456/weights.bin"


def by_revision(*hosts: FileHost, size: int | None = None, token: str = "", hint: str = "") -> RemoteFile:
    def at(host: FileHost) -> Callable[[], str]:
        return lambda: host.address(PATH)

    return RemoteFile(
        name="weights.bin",
        sources=tuple(at(host) for host in hosts),
        revision=REVISION,
        size=size,
        headers=lambda: {"Authorization": f"Bearer {token}"} if token else {},
        closed_hint=hint,
    )


@pytest.fixture
def place(empty_cache: Path) -> Path:
    """Where the file that is pinned by its revision goes in the cache."""
    return empty_cache / "files" / hashlib.sha256(REVISION.encode()).hexdigest()[:16]


def test_the_first_download_of_a_revision_writes_its_hash_beside_it(host: FileHost, place: Path) -> None:
    file = by_revision(host)
    assert not is_cached(file)
    assert fetch(file) == place / "weights.bin"
    assert is_cached(file)
    assert (place / "weights.bin.sha256").read_text(encoding="utf-8") == SHA256 + "\n"
    assert left_in(place) == ["weights.bin", "weights.bin.sha256"]
    assert fetch(file).read_bytes() == CONTENT
    assert host.paths() == [PATH]


def test_another_revision_has_another_place(host: FileHost, place: Path) -> None:
    fetch(by_revision(host))
    later = RemoteFile(name="weights.bin", sources=by_revision(host).sources, revision=REVISION.replace("6/", "7/"))
    assert not is_cached(later)
    assert later.key != by_revision(host).key


def test_a_copy_of_a_revision_that_changed_is_fetched_again(host: FileHost, place: Path) -> None:
    path = fetch(by_revision(host))
    path.write_bytes(WRONG)
    assert not is_cached(by_revision(host))
    assert fetch(by_revision(host)).read_bytes() == CONTENT
    assert is_cached(by_revision(host))


@pytest.mark.parametrize("lost", [True, False], ids=["copy lost", "copy changed"])
def test_a_revision_that_gives_something_else_later_is_refused(host: FileHost, place: Path, lost: bool) -> None:
    """The first download decides, also when its copy has to be fetched again."""
    path = fetch(by_revision(host))
    if lost:
        path.unlink()
    else:
        path.write_bytes(CONTENT[:-1])
    host.put(PATH, WRONG)
    with pytest.raises(RunError, match=rf"{hashlib.sha256(WRONG).hexdigest()[:12]}.*{SHA256[:12]}"):
        fetch(by_revision(host))
    assert (place / "weights.bin.sha256").read_text(encoding="utf-8").strip() == SHA256


def test_a_copy_of_a_revision_without_its_hash_is_fetched_again(host: FileHost, place: Path) -> None:
    """Someone may have put it there."""
    place.mkdir(parents=True)
    (place / "weights.bin").write_bytes(WRONG)
    assert not is_cached(by_revision(host))
    assert fetch(by_revision(host)).read_bytes() == CONTENT


@pytest.mark.parametrize("note", [b"", b"nonsense\n", b"\xff\xfe"], ids=["empty", "nonsense", "no text"])
def test_a_spoilt_note_of_the_hash_does_no_more_than_a_missing_one(host: FileHost, place: Path, note: bytes) -> None:
    """A full disk or a crash can leave one."""
    fetch(by_revision(host))
    (place / "weights.bin.sha256").write_bytes(note)
    assert not is_cached(by_revision(host))
    assert fetch(by_revision(host)).read_bytes() == CONTENT
    assert is_cached(by_revision(host))


def test_a_copy_pinned_by_hash_alone_is_read_again_because_no_size_can_tell(host: FileHost, folder: Path) -> None:
    file = RemoteFile(name="weights.bin", sha256=SHA256, sources=pinned(host).sources)
    path = fetch(file)
    assert is_cached(file)
    assert left_in(folder) == ["weights.bin"]
    path.write_bytes(WRONG)
    assert not is_cached(file)
    assert fetch(file).read_bytes() == CONTENT


def test_a_copy_pinned_by_hash_and_cut_short_is_not_taken_for_whole(host: FileHost, folder: Path) -> None:
    assert not is_cached(pinned(host))
    path = fetch(pinned(host))
    assert is_cached(pinned(host))
    path.write_bytes(CONTENT[:-1])
    assert not is_cached(pinned(host))
    assert fetch(pinned(host)).read_bytes() == CONTENT


def test_a_size_that_is_not_known_is_taken_from_the_answer(host: FileHost, place: Path) -> None:
    calls: list[tuple[int, int]] = []
    fetch(by_revision(host), lambda _name, done, size: calls.append((done, size)))
    assert {size for _, size in calls} == {len(CONTENT)}
    assert calls[-1][0] == len(CONTENT)


def test_a_size_that_nobody_says_is_told_as_nought(host: FileHost, place: Path) -> None:
    host.says_length = False
    calls: list[tuple[int, int]] = []
    assert fetch(by_revision(host), lambda _name, done, size: calls.append((done, size))).read_bytes() == CONTENT
    assert {size for _, size in calls} == {0}
    assert calls[-1][0] == len(CONTENT)


@pytest.mark.parametrize("ranges", [True, False])
def test_a_broken_download_of_unknown_size_is_resumed_and_its_size_told(
    host: FileHost, place: Path, ranges: bool
) -> None:
    host.ranges, host.breaks_after = ranges, [2_000_000]
    with pytest.raises(RunError, match=r"Could not fetch weights\.bin"):
        fetch(by_revision(host))
    assert left_in(place) == ["weights.bin.part"]
    kept = (place / "weights.bin.part").stat().st_size
    calls: list[tuple[int, int]] = []
    path = fetch(by_revision(host), lambda _name, done, size: calls.append((done, size)))
    assert path.read_bytes() == CONTENT
    assert host.visits[-1].headers["range"] == f"bytes={kept}-"
    assert {size for _, size in calls} == {len(CONTENT)}
    assert left_in(place) == ["weights.bin", "weights.bin.sha256"]


def test_a_download_that_is_resumed_without_a_length_has_no_size_either(host: FileHost, place: Path) -> None:
    place.mkdir(parents=True)
    (place / "weights.bin.part").write_bytes(CONTENT[:1000])
    host.says_length = False
    sizes: set[int] = set()
    assert fetch(by_revision(host), lambda _name, _done, size: sizes.add(size)).read_bytes() == CONTENT
    assert sizes == {0}


@pytest.mark.parametrize("ranges", [True, False], ids=["416", "sent again"])
def test_a_download_of_unknown_size_that_was_killed_before_its_last_step_is_finished(
    host: FileHost, place: Path, ranges: bool
) -> None:
    """The host has nothing after the last byte (RFC 9110, 15.5.17)."""
    host.ranges = ranges
    place.mkdir(parents=True)
    (place / "weights.bin.part").write_bytes(CONTENT)
    assert fetch(by_revision(host)).read_bytes() == CONTENT
    assert is_cached(by_revision(host))


@pytest.mark.parametrize("beginning", [CONTENT + b"more", WRONG + b"more"], ids=["right start", "wrong start"])
def test_a_beginning_longer_than_the_file_is_not_taken_for_it(host: FileHost, place: Path, beginning: bytes) -> None:
    """The answer 416 says how long the file is: ``Content-Range: bytes */3000000``."""
    place.mkdir(parents=True)
    (place / "weights.bin.part").write_bytes(beginning)
    try:
        path = fetch(by_revision(host))
    except RunError:
        path = fetch(by_revision(host))
    assert path.read_bytes() == CONTENT


def test_a_beginning_of_full_length_is_not_taken_for_the_file_where_no_hash_can_tell(
    host: FileHost, place: Path
) -> None:
    host.put(PATH, CONTENT, headers={"X-Repo-Commit": "0" * 40, "X-Linked-Etag": SHA256})
    place.mkdir(parents=True)
    (place / "weights.bin.part").write_bytes(WRONG)
    try:
        path = fetch(by_revision(host, size=len(CONTENT)))
    except RunError:
        path = fetch(by_revision(host, size=len(CONTENT)))
    assert path.read_bytes() == CONTENT


def test_an_answer_416_to_a_first_request_is_a_fault_like_any_other(host: FileHost, place: Path) -> None:
    host.pages[PATH] = Page(body=b"", token="none", closed=416)
    with pytest.raises(RunError, match="416"):
        fetch(by_revision(host))
    assert not is_cached(by_revision(host))


def test_many_who_want_the_same_revision_at_once_download_it_once(host: FileHost, place: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        paths = list(pool.map(lambda _: fetch(by_revision(host)), range(4)))
    assert {path.read_bytes() == CONTENT for path in paths} == {True}
    assert host.paths() == [PATH]


def test_the_headers_of_a_file_are_sent_with_every_try(host: FileHost, place: Path) -> None:
    host.breaks_after = [2_000_000]
    for _ in range(2):
        try:
            fetch(by_revision(host, token="made-up-token"))
        except RunError:
            continue
    assert [visit.headers["authorization"] for visit in host.visits] == ["Bearer made-up-token"] * 2
    assert {visit.headers["accept-encoding"] for visit in host.visits} == {"identity"}


def test_a_file_without_headers_of_its_own_gives_no_token_away(
    host: FileHost, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "made-up-token")
    fetch(pinned(host))
    assert "authorization" not in host.visits[0].headers


def test_the_token_stays_with_its_host_when_a_redirect_leads_elsewhere(
    host: FileHost, other: FileHost, place: Path
) -> None:
    """Another port is another host too: the storage behind a hub needs no token and must not learn it."""
    host.pages[PATH] = Page(body=b"", moved_to=other.address(PATH))
    fetch(by_revision(host, token="made-up-token"))
    assert host.visits[0].headers["authorization"] == "Bearer made-up-token"
    assert "authorization" not in other.visits[0].headers
    assert "made-up-token" not in str(other.visits[0])


def test_the_token_goes_on_when_a_redirect_stays_on_the_host(host: FileHost, place: Path) -> None:
    host.put("/elsewhere", CONTENT, token="made-up-token")
    host.pages[PATH] = Page(body=b"", moved_to="/elsewhere")
    assert fetch(by_revision(host, token="made-up-token")).read_bytes() == CONTENT


@pytest.mark.parametrize("status", [401, 403])
def test_a_closed_file_says_what_to_do_and_opens_to_the_token(host: FileHost, place: Path, status: int) -> None:
    host.pages[PATH] = Page(body=CONTENT, token="made-up-token", closed=status)
    with pytest.raises(RunError, match=rf"{status} .*Accept its terms\.") as caught:
        fetch(by_revision(host, hint="Accept its terms.", token="wrong-token"))
    assert "wrong-token" not in str(caught.value)
    assert left_in(place) == []
    assert fetch(by_revision(host, hint="Accept its terms.", token="made-up-token")).read_bytes() == CONTENT


@pytest.mark.parametrize("status", [404, 429, 500])
def test_a_file_that_fails_otherwise_does_not_ask_for_a_token(host: FileHost, place: Path, status: int) -> None:
    host.pages[PATH] = Page(body=CONTENT, token="made-up-token", closed=status)
    with pytest.raises(RunError, match=str(status)) as caught:
        fetch(by_revision(host, hint="Accept its terms."))
    assert "Accept its terms" not in str(caught.value)
