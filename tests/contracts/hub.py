"""A stand-in on loopback for the two hosts of data sets: raw files of GitHub, and data sets of the Hugging Face hub."""

import hashlib
import json
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import ClassVar
from urllib.parse import unquote

from primum.datasets import Origin
from tests.fetch.filehost import Loopback, Visit

SOME_COMMIT = "c0ffee" + "0" * 34
"""What a branch means today."""


@dataclass(kw_only=True)
class Hub(Loopback):
    """A context manager: up inside ``with``. Repositories lie at one revision each, as their origins pin them."""

    files: dict[str, bytes] = field(default_factory=dict)
    """By address."""
    commits: dict[str, str] = field(default_factory=dict)
    """What the hub says that it served, by address."""
    listings: dict[str, list[str]] = field(default_factory=dict)
    """Paths of a data set's files, by the address of its listing."""
    token: str | None = None
    """Without it the hub gives nothing away."""
    breaks: dict[str, int] = field(default_factory=dict)
    """The next answer from an address breaks off after so many bytes."""
    visits: list[Visit] = field(default_factory=list)

    def put(self, origin: Origin, path: str, body: bytes, revision: str | None = None) -> str:
        """Serve a file where its origin pins it; gives the address, without the host."""
        at = revision or origin.revision
        if origin.host == "github":
            address = f"/raw/{origin.repository}/{at}/{path}"
        else:
            address = f"/hub/datasets/{origin.repository}/resolve/{at}/{path}"
            self.commits[address] = at if len(at) == 40 else SOME_COMMIT
            listed = self.listings.setdefault(listing(origin), [".gitattributes", "README.md"])
            listed += [path] if path not in listed else []
        self.files[address] = body
        return address

    @property
    def github_raw(self) -> str:
        """For ``PRIMUM_GITHUB_RAW``."""
        return self.address("/raw")

    @property
    def endpoint(self) -> str:
        """For ``HF_ENDPOINT``."""
        return self.address("/hub")

    def asked(self) -> list[str]:
        """Addresses that were asked for, in order."""
        return [visit.path for visit in self.visits]

    def handler(self) -> type[BaseHTTPRequestHandler]:
        """What answers."""
        return _Handler


def listing(origin: Origin) -> str:
    """Where the hub lists the files of a revision."""
    return f"/hub/api/datasets/{origin.repository}/revision/{origin.revision}"


class _Handler(BaseHTTPRequestHandler):
    host: ClassVar[Hub]

    def do_GET(self) -> None:
        visit = Visit(path=unquote(self.path), headers={name.lower(): said for name, said in self.headers.items()})
        self.host.visits.append(visit)
        closed = visit.path.startswith("/hub/") and self.host.token is not None
        if closed and visit.headers.get("authorization") != f"Bearer {self.host.token}":
            self.answer(401, b"Access to this data set is restricted.", {})
        elif visit.path in self.host.listings:
            self.list_files(visit.path)
        elif visit.path in self.host.files:
            self.send_file(visit)
        else:
            self.answer(404, b"Entry not found", {})

    def list_files(self, address: str) -> None:
        revision = address.rsplit("/", 1)[-1]
        content = {
            "sha": revision if len(revision) == 40 else SOME_COMMIT,
            "siblings": [{"rfilename": path} for path in self.host.listings[address]],
        }
        self.answer(200, json.dumps(content).encode(), {"Content-Type": "application/json"})

    def send_file(self, visit: Visit) -> None:
        body, headers = self.host.files[visit.path], {}
        if visit.path in self.host.commits:
            blob = hashlib.sha1(b"blob %d\0" % len(body) + body, usedforsecurity=False).hexdigest()
            headers = {"X-Repo-Commit": self.host.commits[visit.path], "ETag": f'"{blob}"'}
        start = int(visit.headers.get("range", "bytes=0-").removeprefix("bytes=").removesuffix("-"))
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
        self.answer(206 if start else 200, body[start:], headers, self.host.breaks.pop(visit.path, None))

    def answer(self, status: int, body: bytes, headers: dict[str, str], sent: int | None = None) -> None:
        self.send_response(status)
        for name, said in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, said)
        self.end_headers()
        self.wfile.write(body[:sent])

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
