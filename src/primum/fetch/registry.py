"""The address of a wheel in a Python package index, by the index's own listing (PEP 503 and PEP 691)."""

import os
import re
from html.parser import HTMLParser
from urllib.parse import unquote, urljoin, urlsplit

import httpx

from primum.errors import RunError
from primum.fetch.fault import one_line, without_password

DEFAULT_INDEX = "https://pypi.org/simple"
_ACCEPT = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1"


def wheel_address(project: str, filename: str) -> str:
    """URL of one file of a project, asked from ``$PIP_INDEX_URL`` or PyPI.

    Raises:
        RunError: the index cannot be reached, or does not list the file.
    """
    index = os.environ.get("PIP_INDEX_URL") or DEFAULT_INDEX
    page = f"{index.rstrip('/')}/{re.sub(r'[-_.]+', '-', project).lower()}/"
    try:
        reply = httpx.get(page, headers={"Accept": _ACCEPT}, follow_redirects=True, timeout=30)
        reply.raise_for_status()
        found = _listed(reply).get(filename)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise RunError(f"The package index does not answer at {without_password(page)} ({one_line(error)}).") from error
    except (ValueError, KeyError, TypeError) as error:
        raise RunError(f"The package index at {without_password(page)} gave a listing that cannot be read.") from error
    if found is None:
        raise RunError(f"The package index at {without_password(page)} does not list {filename}.")
    return urljoin(str(reply.url), found)


def _listed(reply: httpx.Response) -> dict[str, str]:
    if "json" in reply.headers.get("content-type", ""):
        return {item["filename"]: item["url"] for item in reply.json()["files"]}
    links = _Links()
    links.feed(reply.text)
    return {unquote(urlsplit(address).path).rsplit("/", 1)[-1]: address for address in links.addresses}


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.addresses += [value for name, value in attrs if tag == "a" and name == "href" and value]
