"""A loopback HTTP server of a folder that can be told to behave badly."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from tests.support.http_thread import served_by

_CHUNK_BYTES = 256


@dataclass
class FileServer:
    """``requests`` are those that came: path and Range. What it does wrong, it does by turns.

    ``drop_after``: bytes after which it breaks off, an entry for each GET, None for not at all;
    ``refuse``: statuses to answer with first; ``version`` is a part of the ETag.
    """

    folder: Path
    url: str = ""
    version: int = 1
    with_ranges: bool = True
    drop_after: list[int | None] = field(default_factory=list)
    refuse: list[int] = field(default_factory=list)
    requests: list[tuple[str, str | None]] = field(default_factory=list)


@contextmanager
def serving(folder: Path) -> Iterator[FileServer]:
    state = FileServer(folder)

    class Handler(_Handler):
        server_state = state

    with served_by(Handler) as state.url:
        yield state


class _Handler(BaseHTTPRequestHandler):
    server_state: FileServer

    def do_HEAD(self) -> None:
        path = self._path()
        self.send_response(200 if path.is_file() else 404)
        self.end_headers()

    def do_GET(self) -> None:
        state = self.server_state
        state.requests.append((self.path, self.headers.get("Range")))
        path = self._path()
        if state.refuse or not path.is_file():
            self.send_error(state.refuse.pop(0) if state.refuse else 404)
            return
        content, tag = path.read_bytes(), f'"{state.version}"'
        offset = self._offset(tag)
        if offset >= len(content) > 0:
            self.send_error(416)
            return
        self.send_response(206 if offset else 200)
        if offset:
            self.send_header("Content-Range", f"bytes {offset}-{len(content) - 1}/{len(content)}")
        self.send_header("Content-Length", str(len(content) - offset))
        self.send_header("ETag", tag)
        self.end_headers()
        self._send(content[offset:], state.drop_after.pop(0) if state.drop_after else None)

    def _offset(self, tag: str) -> int:
        asked = self.headers.get("Range")
        if asked is None or not self.server_state.with_ranges:
            return 0
        if self.headers.get("If-Range", tag) != tag:
            return 0
        return int(asked.removeprefix("bytes=").rstrip("-"))

    def _send(self, content: bytes, drop_after: int | None) -> None:
        whole = content if drop_after is None else content[:drop_after]
        for start in range(0, len(whole), _CHUNK_BYTES):
            self.wfile.write(whole[start : start + _CHUNK_BYTES])
        self.close_connection = True

    def _path(self) -> Path:
        return self.server_state.folder / self.path.lstrip("/")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Nothing: a test says what failed by its asserts."""
