"""What the hub says about a file's content, held against what came."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx
import pytest

from primum.errors import RunError
from primum.fetch import RemoteFile, fetch
from primum.fetch.checksum import check_stated, git_blob_id
from tests.fetch.filehost import FileHost, Page
from tests.fetch.hubhost import COMMIT, git_blob

CONTENT = b"request 1\nrequest 2\n"
SHA256 = hashlib.sha256(CONTENT).hexdigest()
BLOB = git_blob(CONTENT)
OTHER_SHA256 = hashlib.sha256(b"other").hexdigest()
OTHER_BLOB = git_blob(b"other")
PAGE = "/datasets/owner/name/resolve/main/rows.csv"
STORE = "/storage/0001"


@pytest.fixture
def part(tmp_path: Path) -> Path:
    (tmp_path / "part").write_bytes(CONTENT)
    return tmp_path / "part"


def check(part: Path, said: Sequence[dict[str, str]], commit: str | None = COMMIT) -> None:
    check_stated(part, SHA256, "rows.csv", [httpx.Headers(headers) for headers in said], commit)


@pytest.mark.parametrize(
    ("content", "blob"),
    [
        (b"", "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"),
        (b"test content\n", "d670460b4b4aece5915caf5c68d12f560a9fe3e4"),
        (b"what is up, doc?", "bd9dbf5aae1a3862dd1526723246b20206e5fc37"),
    ],
    ids=["empty", "test content", "what is up"],
)
def test_the_blob_id_is_gits(tmp_path: Path, content: bytes, blob: str) -> None:
    """Worked examples of *Pro Git* (Chacon and Straub), chapter 10.2, and git's well-known empty blob."""
    (tmp_path / "file").write_bytes(content)
    assert git_blob_id(tmp_path / "file") == blob == git_blob(content)


@pytest.mark.parametrize(
    "tags",
    [
        {"ETag": f'"{BLOB}"'},
        {"ETag": f'W/"{BLOB}"'},
        {"ETag": BLOB},
        {"ETag": f'"{SHA256}"'},
        {"X-Linked-Etag": f'"{SHA256}"'},
        {"X-Linked-Etag": f'"{SHA256}"', "ETag": f'"{OTHER_BLOB}"'},
        {"ETag": '"0123456789abcdef0123456789abcdef-5"'},
        {"ETag": ""},
        {},
    ],
    ids=["blob", "weak", "bare", "sha256", "linked", "linked first", "a store's own tag", "empty tag", "no tag"],
)
@pytest.mark.parametrize("commit", [COMMIT, None])
def test_what_the_hub_states_rightly_passes(part: Path, tags: dict[str, str], commit: str | None) -> None:
    check(part, [{"X-Repo-Commit": COMMIT, **tags}], commit)
    assert part.read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("tags", "found", "stated"),
    [
        ({"ETag": f'"{OTHER_BLOB}"'}, BLOB, OTHER_BLOB),
        ({"ETag": f'W/"{OTHER_BLOB}"'}, BLOB, OTHER_BLOB),
        ({"X-Linked-Etag": f'"{OTHER_SHA256}"'}, SHA256, OTHER_SHA256),
        ({"X-Linked-Etag": f'"{OTHER_SHA256}"', "ETag": f'"{BLOB}"'}, SHA256, OTHER_SHA256),
    ],
    ids=["blob", "weak", "linked", "linked first"],
)
def test_another_content_than_the_hub_states_is_refused_with_both_checksums(
    part: Path, tags: dict[str, str], found: str, stated: str
) -> None:
    with pytest.raises(RunError, match=rf"rows\.csv has checksum {found[:12]}.*the hub says {stated[:12]}"):
        check(part, [{"X-Repo-Commit": COMMIT, **tags}])


def test_another_commit_than_the_pinned_one_is_refused_though_the_content_is_as_stated(part: Path) -> None:
    with pytest.raises(RunError, match=rf"rows\.csv came from commit ffffffffffff, not from the pinned {COMMIT[:12]}"):
        check(part, [{"X-Repo-Commit": "f" * 40, "ETag": f'"{BLOB}"'}])


def test_any_commit_will_do_where_none_is_pinned(part: Path) -> None:
    check(part, [{"X-Repo-Commit": "f" * 40, "ETag": f'"{BLOB}"'}], commit=None)


def test_the_first_answer_with_a_commit_speaks_and_the_storage_behind_it_does_not(part: Path) -> None:
    moved, hub = {"ETag": f'"{OTHER_BLOB}"'}, {"X-Repo-Commit": COMMIT, "X-Linked-Etag": SHA256}
    check(part, [moved, hub, {"ETag": f'"{OTHER_SHA256}"'}])


def test_the_tags_of_any_other_server_mean_nothing(part: Path) -> None:
    check(part, [{"ETag": f'"{OTHER_SHA256}"'}, {"X-Linked-Etag": OTHER_SHA256}])
    check(part, [])


@pytest.fixture
def hub(empty_cache: Path) -> Iterator[FileHost]:
    with FileHost() as host:
        yield host


def remote(hub: FileHost) -> RemoteFile:
    return RemoteFile(
        name="rows.csv", sources=(lambda: hub.address(PAGE),), revision="hub:owner/name@main/rows.csv", commit=COMMIT
    )


def kept(cache: Path) -> list[str]:
    return [path.name for path in cache.rglob("*") if path.is_file()]


def test_a_small_file_comes_with_its_blob_id(hub: FileHost) -> None:
    hub.put(PAGE, CONTENT, headers={"X-Repo-Commit": COMMIT, "ETag": f'"{BLOB}"'})
    assert fetch(remote(hub)).read_bytes() == CONTENT


def test_a_large_file_comes_from_a_storage_and_its_hash_from_the_hub(hub: FileHost) -> None:
    stored = hub.put(STORE, CONTENT, headers={"ETag": '"0123456789abcdef0123456789abcdef"'})
    headers = {"X-Repo-Commit": COMMIT, "X-Linked-Etag": f'"{SHA256}"', "X-Linked-Size": str(len(CONTENT))}
    hub.pages[PAGE] = Page(body=b"", moved_to=stored, headers=headers)
    assert fetch(remote(hub)).read_bytes() == CONTENT
    assert hub.paths() == [PAGE, STORE]


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Repo-Commit": COMMIT, "ETag": f'"{OTHER_BLOB}"'},
        {"X-Repo-Commit": COMMIT, "X-Linked-Etag": f'"{OTHER_SHA256}"'},
        {"X-Repo-Commit": "f" * 40, "ETag": f'"{BLOB}"'},
    ],
    ids=["other blob", "other hash", "other commit"],
)
@pytest.mark.parametrize("redirected", [False, True])
def test_what_is_refused_leaves_nothing_in_the_cache_but_the_lock(
    hub: FileHost, empty_cache: Path, headers: dict[str, str], redirected: bool
) -> None:
    hub.put(PAGE, CONTENT, headers=headers)
    if redirected:
        hub.pages[PAGE] = Page(body=b"", moved_to=hub.put(STORE, CONTENT), headers=headers)
    with pytest.raises(RunError, match=r"Could not fetch rows\.csv: .*it was thrown away"):
        fetch(remote(hub))
    assert kept(empty_cache) == [".lock"]


def test_a_wrong_beginning_is_found_out_by_the_hubs_checksum_and_the_next_try_works(
    hub: FileHost, empty_cache: Path
) -> None:
    hub.put(PAGE, CONTENT, headers={"X-Repo-Commit": COMMIT, "ETag": f'"{BLOB}"'})
    folder = empty_cache / "files" / remote(hub).key
    folder.mkdir(parents=True)
    (folder / "rows.csv.part").write_bytes(b"REQUEST 1")
    with pytest.raises(RunError, match="the hub says"):
        fetch(remote(hub))
    assert kept(empty_cache) == [".lock"]
    assert fetch(remote(hub)).read_bytes() == CONTENT
