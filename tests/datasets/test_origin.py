"""Where the files of a data set come from: a pinned revision, or the user's own copy of it."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from primum.datasets import DataFile, Origin
from primum.datasets.origin import content_digest
from primum.errors import RunError, UserError
from tests.fetch.filehost import FileHost, Page
from tests.fetch.hubhost import COMMIT, hub_page, listing_page, serve_github, serve_hub

OWNER_NAME = "made-up/some-name"
OWN_COMMIT = "f" * 40
CONTENT = b"text\nrequest 1\nrequest 2\n"
PATH = "data/test/part/rows.csv"


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


BY_HASH = DataFile(path=PATH, split="test", sha256=sha256(CONTENT), size=len(CONTENT))
BY_COMMIT = DataFile(path=PATH, split="test")
ON_GITHUB = Origin(host="github", repository=OWNER_NAME, revision=COMMIT, files=(BY_HASH,))
ON_HUB = Origin(host="hub", repository=OWNER_NAME, revision=COMMIT, files=(BY_HASH,))


@pytest.fixture(autouse=True)
def _no_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HF_TOKEN_PATH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HF_HOME", str(tmp_path / "no-token"))


@pytest.fixture
def host(empty_cache: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FileHost]:
    """GitHub's raw host and the hub in one."""
    with FileHost() as host:
        monkeypatch.setenv("PRIMUM_GITHUB_RAW", host.address("/raw"))
        monkeypatch.setenv("HF_ENDPOINT", host.address("/"))
        yield host


def on_github(host: FileHost, files: Mapping[str, bytes], commit: str = COMMIT) -> None:
    serve_github(host, f"raw/{OWNER_NAME}", commit, files)


def kept(cache: Path) -> list[str]:
    return sorted(path.name for path in cache.rglob("*") if path.is_file() and path.name != ".lock")


def lay(folder: Path, place: str, content: bytes = CONTENT) -> Path:
    path = folder / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("below", ["", "some-name/", "somename/"])
@pytest.mark.parametrize("place", [PATH, "test/rows.csv", "rows.csv"])
def test_a_local_copy_is_found_in_every_usual_layout(tmp_path: Path, below: str, place: str) -> None:
    path = lay(tmp_path, below + place)
    assert ON_GITHUB.obtain(BY_HASH, tmp_path, None) == path


def test_the_local_copy_may_be_the_file_itself(tmp_path: Path) -> None:
    path = lay(tmp_path, "any name.csv")
    assert ON_GITHUB.obtain(BY_HASH, path, None) == path


def test_upstreams_own_layout_comes_before_a_file_of_the_same_name_elsewhere(tmp_path: Path) -> None:
    lay(tmp_path, "rows.csv", b"another")
    path = lay(tmp_path, PATH)
    assert ON_GITHUB.obtain(BY_HASH, tmp_path, None) == path


@pytest.mark.parametrize("place", ["", "none"])
def test_a_missing_file_is_told_with_where_it_was_looked_for(tmp_path: Path, place: str) -> None:
    with pytest.raises(
        UserError, match=r"No file rows\.csv of split 'test' under .*checkout of made-up/some-name"
    ) as e:
        ON_GITHUB.obtain(BY_HASH, tmp_path / place, None)
    for looked in (PATH, "test/rows.csv", "rows.csv"):
        assert str(tmp_path / place / looked) in str(e.value)


def test_a_local_copy_asks_nobody(host: FileHost, tmp_path: Path) -> None:
    lay(tmp_path, PATH)
    for origin in (ON_GITHUB, ON_HUB):
        origin.obtain(BY_HASH, tmp_path, None)
    assert host.visits == []


@pytest.mark.parametrize(
    "content",
    [CONTENT.replace(b"2", b"3"), CONTENT + b"\n", CONTENT.replace(b"\n", b"\r\n"), CONTENT[:-4], b""],
    ids=["edited", "a line more", "windows line ends", "cut", "empty"],
)
def test_a_local_copy_that_is_not_the_pinned_file_is_refused(tmp_path: Path, content: bytes) -> None:
    """Numbers over other requests would not compare with anyone's."""
    lay(tmp_path, PATH, content)
    with pytest.raises(UserError, match=r"is not the pinned file .*made-up/some-name at 0123456.*--column") as caught:
        ON_GITHUB.obtain(BY_HASH, tmp_path, None)
    assert sha256(content)[:12] in str(caught.value)
    assert sha256(CONTENT)[:12] in str(caught.value)


def test_a_copy_that_is_known_to_hold_the_same_rows_is_accepted(tmp_path: Path) -> None:
    other = CONTENT.replace(b"\n", b"\r\n")
    path = lay(tmp_path, PATH, other)
    also = replace(BY_HASH, also=(sha256(b"a third"), sha256(other)))
    assert ON_GITHUB.obtain(also, tmp_path, None) == path
    lay(tmp_path, PATH, b"a fourth")
    with pytest.raises(UserError, match="is not the pinned file"):
        ON_GITHUB.obtain(also, tmp_path, None)


def test_a_copy_that_is_known_to_hold_the_same_rows_is_not_accepted_from_upstream(host: FileHost) -> None:
    """What is downloaded is pinned; only a user's own older or newer copy may differ."""
    other = CONTENT.replace(b"\n", b"\r\n")
    on_github(host, {PATH: other})
    with pytest.raises(RunError, match="thrown away"):
        ON_GITHUB.obtain(replace(BY_HASH, also=(sha256(other),)), None, None)


def test_any_local_copy_will_do_where_no_hash_is_known(tmp_path: Path) -> None:
    path = lay(tmp_path, PATH, b"anything")
    assert ON_GITHUB.obtain(BY_COMMIT, tmp_path, None) == path


@pytest.mark.parametrize("name", ["rows-00000-of-00001.parquet", "rows-1a2b.parquet"])
def test_a_local_copy_of_a_file_whose_name_is_not_known_beforehand_is_found(tmp_path: Path, name: str) -> None:
    path = lay(tmp_path, f"data/{name}")
    assert ON_HUB.obtain(DataFile(path="data/rows-*.parquet"), tmp_path, None) == path


def test_a_file_of_github_comes_from_its_commit_once(host: FileHost) -> None:
    on_github(host, {PATH: CONTENT})
    assert not ON_GITHUB.is_cached(BY_HASH)
    path = ON_GITHUB.obtain(BY_HASH, None, None)
    assert (path.name, path.read_bytes()) == ("rows.csv", CONTENT)
    assert ON_GITHUB.is_cached(BY_HASH)
    assert ON_GITHUB.obtain(BY_HASH, None, None) == path
    assert host.paths() == [f"/raw/{OWNER_NAME}/{COMMIT}/{PATH}"]


def test_a_file_of_the_hub_comes_from_its_commit_once(host: FileHost) -> None:
    serve_hub(host, OWNER_NAME, {PATH: CONTENT})
    for file in (BY_HASH, BY_COMMIT):
        assert not ON_HUB.is_cached(file)
        path = ON_HUB.obtain(file, None, None)
        assert (path.name, path.read_bytes()) == ("rows.csv", CONTENT)
        assert ON_HUB.is_cached(file)
        assert ON_HUB.obtain(file, None, None) == path
    assert host.paths() == [hub_page(OWNER_NAME, COMMIT, PATH)] * 2


def test_a_file_may_have_a_revision_of_its_own(host: FileHost) -> None:
    on_github(host, {PATH: b"of the commit"})
    on_github(host, {PATH: b"of its own"}, OWN_COMMIT)
    own = replace(BY_COMMIT, revision=OWN_COMMIT)
    assert ON_GITHUB.obtain(BY_COMMIT, None, None).read_bytes() == b"of the commit"
    assert ON_GITHUB.obtain(own, None, None).read_bytes() == b"of its own"
    assert host.paths()[-1] == f"/raw/{OWNER_NAME}/{OWN_COMMIT}/{PATH}"


def test_a_file_with_a_revision_of_its_own_names_it_when_a_copy_is_another(tmp_path: Path) -> None:
    lay(tmp_path, PATH, b"another")
    with pytest.raises(UserError, match=r"made-up/some-name at fffffff"):
        ON_GITHUB.obtain(replace(BY_HASH, revision=OWN_COMMIT), tmp_path, None)


def test_a_hub_that_serves_another_commit_is_refused_and_nothing_kept(host: FileHost, empty_cache: Path) -> None:
    headers = {"X-Repo-Commit": OWN_COMMIT}
    host.put(hub_page(OWNER_NAME, COMMIT, PATH), CONTENT, headers=headers)
    with pytest.raises(RunError, match=rf"from commit {OWN_COMMIT[:12]}, not from the pinned {COMMIT[:12]}"):
        ON_HUB.obtain(BY_COMMIT, None, None)
    assert kept(empty_cache) == []


def test_a_branch_is_taken_at_whatever_commit_it_is_and_kept_from_then_on(host: FileHost) -> None:
    serve_hub(host, OWNER_NAME, {PATH: CONTENT})
    branch = replace(ON_HUB, revision="main")
    path = branch.obtain(BY_COMMIT, None, None)
    assert host.paths() == [hub_page(OWNER_NAME, "main", PATH)]
    serve_hub(host, OWNER_NAME, {PATH: b"later"}, commit=OWN_COMMIT)
    assert branch.is_cached(BY_COMMIT)
    assert branch.obtain(BY_COMMIT, None, None) == path
    assert path.read_bytes() == CONTENT


def test_two_files_of_the_same_name_do_not_share_a_place(host: FileHost) -> None:
    files = {f"{folder}/rows.csv": folder.encode() for folder in ("a", "b")}
    on_github(host, files)
    found = [ON_GITHUB.obtain(DataFile(path=path), None, None) for path in files]
    assert [path.read_bytes() for path in found] == [b"a", b"b"]


def test_a_changed_file_upstream_is_refused_and_not_kept(host: FileHost, empty_cache: Path) -> None:
    on_github(host, {PATH: CONTENT.replace(b"1", b"7")})
    with pytest.raises(RunError, match=rf"rows\.csv has sha256 .*expected {sha256(CONTENT)[:12]}"):
        ON_GITHUB.obtain(BY_HASH, None, None)
    assert kept(empty_cache) == []


@pytest.mark.parametrize("origin", [ON_GITHUB, ON_HUB], ids=["github", "hub"])
def test_a_missing_file_upstream_is_told_with_its_address(host: FileHost, origin: Origin) -> None:
    with pytest.raises(RunError, match=rf"Could not fetch rows\.csv: .*404.*{COMMIT}/{PATH}"):
        origin.obtain(BY_HASH, None, None)


STARRED = DataFile(path="data/rows-*.parquet")
SHARD = "data/rows-00000-of-00001-0a1b.parquet"


def test_a_star_is_looked_up_in_the_hubs_listing_at_the_commit(host: FileHost) -> None:
    serve_hub(host, OWNER_NAME, {SHARD: CONTENT, "data/others-1.parquet": b"", "rows-1.parquet": b""})
    path = ON_HUB.obtain(STARRED, None, None)
    assert path.read_bytes() == CONTENT
    assert "*" not in path.name
    assert path.suffix == ".parquet"
    assert host.paths() == [listing_page(OWNER_NAME, COMMIT), hub_page(OWNER_NAME, COMMIT, SHARD)]


def test_a_starred_file_is_neither_looked_up_nor_fetched_twice(host: FileHost) -> None:
    serve_hub(host, OWNER_NAME, {SHARD: CONTENT})
    ON_HUB.obtain(STARRED, None, None)
    asked = len(host.visits)
    assert ON_HUB.is_cached(STARRED)
    ON_HUB.obtain(STARRED, None, None)
    assert len(host.visits) == asked


@pytest.mark.parametrize("count", [0, 2])
def test_a_star_has_to_match_one_file(host: FileHost, empty_cache: Path, count: int) -> None:
    serve_hub(host, OWNER_NAME, {f"data/rows-{number}.parquet": CONTENT for number in range(count)})
    with pytest.raises(RunError, match=rf"{count} files of made-up/some-name at 0123456 match data/rows-\*\.parquet"):
        ON_HUB.obtain(STARRED, None, None)
    assert kept(empty_cache) == []


def test_a_star_is_looked_up_at_the_files_own_revision(host: FileHost) -> None:
    serve_hub(host, OWNER_NAME, {SHARD: CONTENT}, revisions=(), commit=OWN_COMMIT)
    assert ON_HUB.obtain(replace(STARRED, revision=OWN_COMMIT), None, None).read_bytes() == CONTENT
    assert host.paths()[0] == listing_page(OWNER_NAME, OWN_COMMIT)


GATED = replace(ON_HUB, gated=True)


@pytest.mark.parametrize("status", [401, 403])
def test_a_gated_file_says_how_to_get_in_and_comes_with_the_token(
    host: FileHost, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    serve_hub(host, OWNER_NAME, {PATH: CONTENT}, token="made-up-token")
    host.pages[hub_page(OWNER_NAME, COMMIT, PATH)].closed = status
    with pytest.raises(RunError) as caught:
        GATED.obtain(BY_HASH, None, None)
    for said in (str(status), "gated", "https://huggingface.co/datasets/made-up/some-name", "HF_TOKEN"):
        assert said in str(caught.value)
    assert "authorization" not in host.visits[-1].headers
    monkeypatch.setenv("HF_TOKEN", "made-up-token")
    assert GATED.obtain(BY_HASH, None, None).read_bytes() == CONTENT


def test_a_starred_file_of_a_gated_set_says_how_to_get_in_too(host: FileHost, monkeypatch: pytest.MonkeyPatch) -> None:
    serve_hub(host, OWNER_NAME, {SHARD: CONTENT}, token="made-up-token")
    with pytest.raises(UserError, match=r"401.*gated.*HF_TOKEN"):
        GATED.obtain(STARRED, None, None)
    monkeypatch.setenv("HF_TOKEN", "made-up-token")
    assert GATED.obtain(STARRED, None, None).read_bytes() == CONTENT


def test_an_open_set_that_is_refused_is_not_called_gated(host: FileHost) -> None:
    """A proxy that blocks the host says 403 too; sending people to accept terms would lead them astray."""
    host.pages[hub_page(OWNER_NAME, COMMIT, PATH)] = Page(body=b"", token="none", closed=403)
    with pytest.raises(RunError, match="403") as caught:
        ON_HUB.obtain(BY_HASH, None, None)
    assert "is gated" not in str(caught.value)


def test_the_users_token_for_the_hub_is_not_sent_to_github(host: FileHost, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "made-up-token")
    on_github(host, {PATH: CONTENT})
    ON_GITHUB.obtain(BY_HASH, None, None)
    assert "authorization" not in host.visits[0].headers


def test_a_closed_file_on_github_does_not_ask_for_the_hubs_token(host: FileHost) -> None:
    host.pages[f"/raw/{OWNER_NAME}/{COMMIT}/{PATH}"] = Page(body=b"", token="none", closed=403)
    with pytest.raises(RunError, match="403") as caught:
        ON_GITHUB.obtain(BY_HASH, None, None)
    assert "HF_TOKEN" not in str(caught.value)


def test_the_page_is_where_a_reader_finds_the_set() -> None:
    assert ON_GITHUB.page == "https://github.com/made-up/some-name"
    assert ON_HUB.page == "https://huggingface.co/datasets/made-up/some-name"


def test_the_files_of_a_split_come_in_order() -> None:
    files = tuple(DataFile(path=f"{split}/{n}.csv", split=split) for n in "21" for split in ("train", "test"))
    assert [file.path for file in replace(ON_HUB, files=files).of_split("test")] == ["test/2.csv", "test/1.csv"]
    assert replace(ON_HUB, files=files).of_split("none") == ()


def test_a_file_has_the_last_part_of_its_path_as_its_name() -> None:
    assert [DataFile(path=path).name for path in ("a/b/rows.csv", "rows.csv")] == ["rows.csv", "rows.csv"]


def test_the_digest_is_that_of_the_contents_in_order(tmp_path: Path) -> None:
    first, second = lay(tmp_path, "a", b"one" * 700_000), lay(tmp_path, "b", b"two")
    assert content_digest([first, second]) == sha256(b"one" * 700_000 + b"two")
    assert content_digest([second, first]) != content_digest([first, second])
    assert content_digest([]) == sha256(b"")
