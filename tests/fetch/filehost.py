"""A small web server on loopback that stands in for a package index or a file host, with the faults of real ones."""

import gzip
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from typing import ClassVar, Self


@dataclass(kw_only=True)
class Page:
    """What one path answers."""

    body: bytes
    kind: str = "application/octet-stream"
    moved_to: str | None = None
    """An address: the answer is a redirect."""
    headers: dict[str, str] = field(default_factory=dict)
    """Sent with every answer of this page, redirects included."""
    token: str | None = None
    """Whoever does not send it as a bearer's gets ``closed`` instead."""
    closed: int = 401
    """The status for those without the token."""


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One request that arrived."""

    path: str
    headers: dict[str, str]
    """Keys in lower case."""


class Loopback:
    """A server on 127.0.0.1 that is up inside ``with``; its handler finds it as ``host``."""

    def handler(self) -> type[BaseHTTPRequestHandler]:
        """What answers."""
        raise NotImplementedError

    def address(self, path: str) -> str:
        """Address of a path here, whether there is anything or not."""
        return f"http://127.0.0.1:{self._server.server_port}{path}"

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (self.handler(),), {"host": self}))
        self._server.daemon_threads = False
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.005})
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@dataclass(kw_only=True)
class FileHost(Loopback):
    """A context manager: up inside ``with``. Set the fields to choose what it holds and how it fails."""

    pages: dict[str, Page] = field(default_factory=dict)
    visits: list[Visit] = field(default_factory=list)
    ranges: bool = True
    """Whether it answers a Range header with the part (206) or with all of it (200)."""
    compresses: bool = False
    """Whether it sends gzip to clients that accept it; a range is then one of the compressed bytes (RFC 9110, 14.2)."""
    breaks_after: list[int] = field(default_factory=list)
    """The next answers break off after so many bytes, one entry each."""
    says_length: bool = True
    """Whether an answer tells its length before it comes."""

    def put(
        self,
        path: str,
        body: bytes,
        kind: str = "application/octet-stream",
        headers: dict[str, str] | None = None,
        token: str | None = None,
    ) -> str:
        """Serve a page; gives its address."""
        self.pages[path] = Page(body=body, kind=kind, headers=headers or {}, token=token)
        return self.address(path)

    def paths(self) -> list[str]:
        """Paths that were asked for, in order."""
        return [visit.path for visit in self.visits]

    def handler(self) -> type[BaseHTTPRequestHandler]:
        """What answers."""
        return _Handler


class _Handler(BaseHTTPRequestHandler):
    host: ClassVar[FileHost]

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.host.visits.append(Visit(path=self.path, headers=headers))
        page = self.host.pages.get(self.path.split("?")[0])
        if page is None:
            self.answer(404, b"nothing here", {"Content-Type": "text/plain"})
        elif page.token is not None and headers.get("authorization") != f"Bearer {page.token}":
            self.answer(page.closed, b"not for you", {"Content-Type": "text/plain"})
        elif page.moved_to:
            self.answer(302, b"", {**page.headers, "Location": page.moved_to})
        else:
            self.answer(*self.part_of(page, headers))

    def part_of(self, page: Page, headers: dict[str, str]) -> tuple[int, bytes, dict[str, str]]:
        body, extra = page.body, {**page.headers, "Content-Type": page.kind}
        if self.host.compresses and "gzip" in headers.get("accept-encoding", ""):
            body, extra["Content-Encoding"] = gzip.compress(body, mtime=0), "gzip"
        if not self.host.ranges or "range" not in headers:
            return 200, body, extra
        start = int(headers["range"].removeprefix("bytes=").removesuffix("-"))
        if start >= len(body):
            return 416, b"", {**page.headers, "Content-Range": f"bytes */{len(body)}"}
        extra["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
        return 206, body[start:], extra

    def answer(self, status: int, body: bytes, extra: dict[str, str]) -> None:
        self.send_response(status)
        length = {"Content-Length": str(len(body))} if self.host.says_length else {}
        for name, value in {**extra, **length}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body[: self.host.breaks_after.pop(0)] if self.host.breaks_after else body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
