"""Addresses of pinned files, the user's token, and what the hub lists."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from primum.errors import PrimumError, RunError, UserError
from primum.fetch import github_address, hub_address, hub_files, hub_headers, hub_token
from tests.fetch.filehost import FileHost, Page
from tests.fetch.hubhost import COMMIT, listing_page, serve_hub

TOKEN_NAMES = ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HF_TOKEN_PATH", "HF_HOME", "XDG_CACHE_HOME")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder of its own, and no variable set."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in (*TOKEN_NAMES, "HF_ENDPOINT", "PRIMUM_GITHUB_RAW"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[FileHost]:
    """A host that ``HF_ENDPOINT`` names."""
    with FileHost() as host:
        monkeypatch.setenv("HF_ENDPOINT", host.address("/"))
        yield host


def test_a_file_on_github_has_its_raw_address_at_the_commit() -> None:
    assert github_address("owner/name", COMMIT, "a folder/ü#1.csv") == (
        f"https://raw.githubusercontent.com/owner/name/{COMMIT}/a%20folder/%C3%BC%231.csv"
    )


def test_a_file_on_the_hub_has_its_address_at_the_revision() -> None:
    assert hub_address("owner/name", "refs/convert/parquet", "a folder/ü?1.csv") == (
        "https://huggingface.co/datasets/owner/name/resolve/refs%2Fconvert%2Fparquet/a%20folder/%C3%BC%3F1.csv"
    )


@pytest.mark.parametrize("end", ["", "/"])
def test_a_mirror_takes_the_hosts_place(monkeypatch: pytest.MonkeyPatch, end: str) -> None:
    monkeypatch.setenv("PRIMUM_GITHUB_RAW", f"https://mirror.example/raw{end}")
    monkeypatch.setenv("HF_ENDPOINT", f"https://mirror.example/hub{end}")
    assert github_address("owner/name", "c", "f.csv") == "https://mirror.example/raw/owner/name/c/f.csv"
    assert hub_address("owner/name", "c", "f.csv") == "https://mirror.example/hub/datasets/owner/name/resolve/c/f.csv"


def test_empty_variables_count_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*TOKEN_NAMES, "HF_ENDPOINT", "PRIMUM_GITHUB_RAW"):
        monkeypatch.setenv(name, "")
    assert github_address("owner/name", "c", "f.csv").startswith("https://raw.githubusercontent.com/owner/")
    assert hub_address("owner/name", "c", "f.csv").startswith("https://huggingface.co/datasets/owner/")
    assert hub_token() is None


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_token_nothing_is_sent() -> None:
    assert hub_token() is None
    assert hub_headers() == {}


@pytest.mark.parametrize("name", ["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"])
def test_a_variable_gives_the_token(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, " made-up-token\n")
    assert hub_token() == "made-up-token"
    assert hub_headers() == {"Authorization": "Bearer made-up-token"}


def test_the_token_is_where_logging_in_puts_it(home: Path) -> None:
    write(home / ".cache" / "huggingface" / "token", "from-the-file\n")
    assert hub_token() == "from-the-file"


def test_hf_home_moves_the_tokens_file(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    monkeypatch.setenv("HF_HOME", "~/elsewhere")
    write(home / ".cache" / "huggingface" / "token", "not-this-one")
    write(home / "elsewhere" / "token", "from-hf-home")
    assert hub_token() == "from-hf-home"


def test_the_caches_folder_moves_the_tokens_file(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    """As the hub's own tools do it (huggingface_hub, environment variables: HF_HOME)."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(home / "caches"))
    write(home / "caches" / "huggingface" / "token", "from-the-caches")
    assert hub_token() == "from-the-caches"


def test_hf_token_path_comes_before_hf_home_and_a_variable_before_both(
    monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    monkeypatch.setenv("HF_HOME", str(home / "elsewhere"))
    monkeypatch.setenv("HF_TOKEN_PATH", str(write(home / "my-token", "from-the-path")))
    write(home / "elsewhere" / "token", "from-hf-home")
    assert hub_token() == "from-the-path"
    monkeypatch.setenv("HUGGING_FACE_HUB_TOKEN", "the-old-variable")
    assert hub_token() == "the-old-variable"
    monkeypatch.setenv("HF_TOKEN", "the-variable")
    assert hub_token() == "the-variable"


def test_an_empty_file_or_a_folder_in_its_place_is_no_token(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    monkeypatch.setenv("HF_TOKEN_PATH", str(write(home / "empty", "\n")))
    assert hub_token() is None
    monkeypatch.setenv("HF_TOKEN_PATH", str(home))
    assert hub_token() is None


@pytest.mark.parametrize("token", ["first\nsecond", "tökén"], ids=["two lines", "letters"])
def test_a_token_that_no_header_can_carry_is_told_and_never_shown(
    hub: FileHost, monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    monkeypatch.setenv("HF_TOKEN", token)
    serve_hub(hub, "owner/name", {})
    with pytest.raises(PrimumError, match=r"(?i)token") as caught:
        hub_files("owner/name", "main")
    assert token not in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_a_tokens_file_that_is_no_text_is_told(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    (home / "token").write_bytes(b"\xff\xfet\x00o\x00")
    monkeypatch.setenv("HF_TOKEN_PATH", str(home / "token"))
    with pytest.raises(UserError, match="token"):
        hub_headers()


def test_the_listing_gives_the_commit_of_today_and_the_files_in_order(hub: FileHost) -> None:
    serve_hub(hub, "owner/name", {"z.csv": b"", "data/a file.csv": b"", ".gitattributes": b""})
    assert hub_files("owner/name", "main") == (COMMIT, (".gitattributes", "data/a file.csv", "z.csv"))
    assert hub.paths() == ["/api/datasets/owner/name/revision/main"]
    assert "authorization" not in hub.visits[0].headers


def test_a_revision_with_a_slash_is_asked_as_one_name(hub: FileHost) -> None:
    serve_hub(hub, "owner/name", {"a.csv": b""}, revisions=("refs/pr/1",))
    assert hub_files("owner/name", "refs/pr/1") == (COMMIT, ("a.csv",))
    assert hub.paths() == ["/api/datasets/owner/name/revision/refs%2Fpr%2F1"]


def test_a_repository_that_was_renamed_is_followed(hub: FileHost) -> None:
    serve_hub(hub, "new/name", {"a.csv": b""})
    hub.pages[listing_page("old/name", "main")] = Page(body=b"", moved_to=listing_page("new/name", "main"))
    assert hub_files("old/name", "main") == (COMMIT, ("a.csv",))


def test_a_repository_without_files_lists_none(hub: FileHost) -> None:
    serve_hub(hub, "owner/name", {})
    assert hub_files("owner/name", "main") == (COMMIT, ())


def test_a_closed_repository_opens_to_the_token(hub: FileHost, monkeypatch: pytest.MonkeyPatch) -> None:
    serve_hub(hub, "owner/name", {"a.csv": b""}, token="made-up-token")
    with pytest.raises(UserError, match=r"no data set 'owner/name' at revision 'main' \(HTTP 401\).*HF_TOKEN"):
        hub_files("owner/name", "main")
    monkeypatch.setenv("HF_TOKEN", "made-up-token")
    assert hub_files("owner/name", "main") == (COMMIT, ("a.csv",))


def test_a_repository_that_is_forbidden_is_told_like_a_closed_one(hub: FileHost) -> None:
    hub.pages[listing_page("owner/name", "main")] = Page(body=b"", token="other", closed=403)
    with pytest.raises(UserError, match=r"HTTP 403.*HF_TOKEN"):
        hub_files("owner/name", "main")


def test_a_repository_or_revision_that_is_not_there_is_a_users_mistake(hub: FileHost) -> None:
    serve_hub(hub, "owner/name", {"a.csv": b""})
    with pytest.raises(UserError, match=r"'owner/name' at revision 'v9' \(HTTP 404\)"):
        hub_files("owner/name", "v9")
    with pytest.raises(UserError, match=r"'owner/nam' at revision 'main' \(HTTP 404\)"):
        hub_files("owner/nam", "main")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>please log in</html>",
        b"\xff\xfe",
        b"null",
        b"[]",
        b'"text"',
        b"{}",
        json.dumps({"sha": COMMIT}).encode(),
        json.dumps({"siblings": []}).encode(),
        json.dumps({"sha": COMMIT, "siblings": None}).encode(),
        json.dumps({"sha": COMMIT, "siblings": [5]}).encode(),
        json.dumps({"sha": COMMIT, "siblings": [{"name": "a.csv"}]}).encode(),
        json.dumps({"sha": None, "siblings": []}).encode(),
        json.dumps({"sha": COMMIT, "siblings": [{"rfilename": None}]}).encode(),
    ],
    ids=str,
)
def test_what_is_no_listing_is_told_and_no_crash(hub: FileHost, body: bytes) -> None:
    """A proxy's login page or error message with status 200."""
    hub.put(listing_page("owner/name", "main"), body, "application/json")
    with pytest.raises(RunError, match=r"The hub at http://127.* gave a listing that cannot be read"):
        hub_files("owner/name", "main")


def test_a_hub_that_fails_or_is_gone_is_told_in_one_line(hub: FileHost, monkeypatch: pytest.MonkeyPatch) -> None:
    hub.pages[listing_page("owner/name", "main")] = Page(body=b"", token="other", closed=503)
    with pytest.raises(RunError, match=r"The hub does not answer at .*503") as caught:
        hub_files("owner/name", "main")
    assert len(str(caught.value).splitlines()) == 1
    with FileHost() as gone:
        monkeypatch.setenv("HF_ENDPOINT", gone.address("/"))
    with pytest.raises(RunError, match=r"The hub does not answer at .*refused"):
        hub_files("owner/name", "main")


@pytest.mark.parametrize("address", ["nonsense", "http://host:port", "file:///hub"])
def test_an_endpoint_that_is_no_address_is_told(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("HF_ENDPOINT", address)
    with pytest.raises(RunError, match="The hub does not answer"):
        hub_files("owner/name", "main")


@pytest.mark.parametrize("body", [None, b"oops"], ids=["404", "garbage"])
def test_the_password_of_a_private_mirror_is_never_shown(
    hub: FileHost, monkeypatch: pytest.MonkeyPatch, body: bytes | None
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", hub.address("").replace("://", "://user:secret@"))
    if body is not None:
        hub.put(listing_page("owner/name", "main"), body)
    with pytest.raises(PrimumError) as caught:
        hub_files("owner/name", "main")
    assert "authorization" in hub.visits[0].headers
    assert "secret" not in str(caught.value)
