"""The address of a wheel, from the index's own listing in HTML (PEP 503) or JSON (PEP 691)."""

import json
from collections.abc import Iterator

import httpx
import pytest

from primum.errors import RunError
from primum.fetch import wheel_address
from primum.fetch.registry import DEFAULT_INDEX
from tests.fetch.filehost import FileHost, Page

WHEEL = "made_up-1.0-py3-none-any.whl"
LISTING = "/simple/made-up/"
JSON_KIND = "application/vnd.pypi.simple.v1+json"


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch) -> Iterator[FileHost]:
    """An empty package index that ``PIP_INDEX_URL`` names."""
    with FileHost() as host:
        monkeypatch.setenv("PIP_INDEX_URL", host.address("/simple"))
        yield host


def html(*links: str) -> bytes:
    return f"<!DOCTYPE html><html><body><h1>Links</h1>{'<br/>'.join(links)}</body></html>".encode()


def link(href: str) -> str:
    return f'<a href="{href}" data-requires-python="&gt;=3.9">{WHEEL}</a>'


@pytest.mark.parametrize(
    ("href", "address"),
    [
        (f"https://files.example/a/{WHEEL}#sha256=00", f"https://files.example/a/{WHEEL}#sha256=00"),
        (f"../../files/{WHEEL}", f"/files/{WHEEL}"),
        (f"/files/{WHEEL}#md5=00", f"/files/{WHEEL}#md5=00"),
        (WHEEL, f"{LISTING}{WHEEL}"),
        (f"/files/{WHEEL}?token=1&amp;more=2#sha256=00", f"/files/{WHEEL}?token=1&more=2#sha256=00"),
    ],
)
def test_a_listing_in_html_gives_the_address(index: FileHost, href: str, address: str) -> None:
    index.put(LISTING, html(link("/files/made_up-0.9.tar.gz"), link(href)), "text/html; charset=utf-8")
    expected = address if address.startswith("https:") else index.address(address)
    assert wheel_address("made-up", WHEEL) == expected


@pytest.mark.parametrize(
    ("url", "address"),
    [
        (f"https://files.example/a/{WHEEL}", f"https://files.example/a/{WHEEL}"),
        (f"../../files/{WHEEL}", f"/files/{WHEEL}"),
        (f"/files/{WHEEL}?token=1", f"/files/{WHEEL}?token=1"),
    ],
)
@pytest.mark.parametrize("kind", [JSON_KIND, "application/json"])
def test_a_listing_in_json_gives_the_address(index: FileHost, url: str, address: str, kind: str) -> None:
    files = [
        {"filename": "made_up-0.9.tar.gz", "url": "x", "hashes": {}},
        {"filename": WHEEL, "url": url, "hashes": {}},
    ]
    index.put(LISTING, json.dumps({"meta": {"api-version": "1.0"}, "name": "made-up", "files": files}).encode(), kind)
    expected = address if address.startswith("https:") else index.address(address)
    assert wheel_address("made-up", WHEEL) == expected


def test_json_is_preferred_and_html_accepted(index: FileHost) -> None:
    index.put(LISTING, html(link(WHEEL)), "text/html")
    wheel_address("made-up", WHEEL)
    accepted = index.visits[0].headers["accept"]
    assert accepted.startswith(JSON_KIND)
    assert "text/html" in accepted


@pytest.mark.parametrize("project", ["made-up", "Made_Up", "made.up", "MADE-_.UP"])
def test_the_projects_name_is_normalised_as_pep_503_says(index: FileHost, project: str) -> None:
    index.put(LISTING, html(link(WHEEL)), "text/html")
    assert wheel_address(project, WHEEL).endswith(WHEEL)


def test_an_index_that_moved_is_followed_and_its_links_count_from_the_new_place(index: FileHost) -> None:
    index.pages[LISTING] = Page(body=b"", moved_to=index.put("/new/made-up/", html(link(WHEEL)), "text/html"))
    assert wheel_address("made-up", WHEEL) == index.address(f"/new/made-up/{WHEEL}")


def test_a_slash_at_the_end_of_the_indexs_address_does_not_matter(
    index: FileHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", index.address("/simple/"))
    index.put(LISTING, html(link(WHEEL)), "text/html")
    wheel_address("made-up", WHEEL)
    assert index.paths() == [LISTING]


@pytest.mark.parametrize("value", [None, ""])
def test_without_a_chosen_index_pypi_is_asked(monkeypatch: pytest.MonkeyPatch, value: str | None) -> None:
    asked: list[str] = []

    def get(url: str, **_: object) -> httpx.Response:
        asked.append(url)
        raise httpx.ConnectError("no network in tests")

    monkeypatch.delenv("PIP_INDEX_URL", raising=False)
    if value is not None:
        monkeypatch.setenv("PIP_INDEX_URL", value)
    monkeypatch.setattr(httpx, "get", get)
    with pytest.raises(RunError, match="does not answer"):
        wheel_address("made-up", WHEEL)
    assert asked == [f"{DEFAULT_INDEX}/made-up/"]


def test_a_file_that_is_not_listed_is_told_with_the_listings_address(index: FileHost) -> None:
    index.put(LISTING, html(link("/files/made_up-0.9.tar.gz")), "text/html")
    with pytest.raises(RunError, match=rf"{index.address(LISTING)} does not list {WHEEL}"):
        wheel_address("made-up", WHEEL)


def test_a_project_that_the_index_does_not_have_is_told(index: FileHost) -> None:
    with pytest.raises(RunError, match=r"does not answer at .*404"):
        wheel_address("made-up", WHEEL)


@pytest.mark.parametrize("body", [b"", b"oops", b"[]", b"{}", b'{"files": [{"url": "x"}]}', b'{"files": 5}'], ids=str)
def test_json_that_is_no_listing_is_a_failed_look_up_and_no_crash(index: FileHost, body: bytes) -> None:
    """A proxy's login page or error message with status 200: the next source must be asked."""
    index.put(LISTING, body, "application/json")
    with pytest.raises(RunError, match="made-up"):
        wheel_address("made-up", WHEEL)


def test_html_that_is_no_listing_lists_nothing(index: FileHost) -> None:
    index.put(LISTING, b"<html><a>no address</a><a href>none</a><a href=''>empty</a><p", "text/html")
    with pytest.raises(RunError, match="does not list"):
        wheel_address("made-up", WHEEL)


@pytest.mark.parametrize("address", ["nonsense", "http://host:port/simple", "file:///simple"])
def test_an_index_whose_address_is_none_is_told(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", address)
    with pytest.raises(RunError, match="The package index does not answer"):
        wheel_address("made-up", WHEEL)


@pytest.mark.parametrize("page", [None, html(link("/files/other.whl"))], ids=["404", "not listed"])
def test_the_password_of_a_private_index_is_never_shown(
    index: FileHost, monkeypatch: pytest.MonkeyPatch, page: bytes | None
) -> None:
    """Errors end up in terminals, logs and CI output."""
    monkeypatch.setenv("PIP_INDEX_URL", index.address("/simple").replace("://", "://user:secret@"))
    if page is not None:
        index.put(LISTING, page, "text/html")
    with pytest.raises(RunError) as caught:
        wheel_address("made-up", WHEEL)
    assert "authorization" in index.visits[0].headers
    assert "secret" not in str(caught.value)
