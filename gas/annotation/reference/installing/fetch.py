"""Downloads that can be broken off and taken up again."""

import json
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from gas.annotation.reference.installing.errors import require_space, unavailable

_ATTEMPTS = 5
"""In a row without a single byte more; as long as bytes come, it goes on."""
_FIRST_PAUSE_SECONDS = 0.5
_TIMEOUT = httpx.Timeout(30.0)
_RETRIED = frozenset({408, 429, 500, 502, 503, 504})
_PARTIAL, _RANGE_IMPOSSIBLE = 206, 416

OnBytes = Callable[[int, int], None]
"""Told the bytes so far, and all of them (0: unknown)."""
Pause = Callable[[float], None]


def new_client() -> httpx.Client:
    # What is stored is what was published: no compression of the transport's own.
    return httpx.Client(
        follow_redirects=True, timeout=_TIMEOUT, headers={"Accept-Encoding": "identity"}
    )


def fetch(
    client: httpx.Client, url: str, target: Path, on_bytes: OnBytes, pause: Pause = time.sleep
) -> None:
    """Make ``target`` the content of ``url``.

    Bytes go to ``target``.part first; what an earlier, broken-off call left there is continued by a
    range request, if the server says that the content is still the same (its ETag or modification
    date in ``If-Range``, RFC 9110, section 13.1.5). Raises PermanentError REFERENCE_UNAVAILABLE
    where the server refuses, stays silent, or sends more than the disk can hold.
    """
    download = _Download(client, url, target, on_bytes)
    failures = 0
    while not download.finished:
        before = download.size
        try:
            download.attempt()
        except (httpx.TransportError, _TryAgainError) as error:
            failures = 1 if download.size > before else failures + 1
            if failures >= _ATTEMPTS:
                raise unavailable(
                    f"{url} cannot be fetched: {error or type(error).__name__}."
                ) from error
            pause(_FIRST_PAUSE_SECONDS * 2 ** (failures - 1))
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            raise unavailable(f"{url} is no address that can be fetched: {error}.") from error


class _TryAgainError(Exception):
    """The server is busy, or what it sent cannot be continued."""


class _Download:
    def __init__(self, client: httpx.Client, url: str, target: Path, on_bytes: OnBytes) -> None:
        self._client, self._url, self._on_bytes = client, url, on_bytes
        self._target = target
        self._part = target.with_name(f"{target.name}.part")
        self._state = target.with_name(f"{target.name}.part.json")
        self.finished = target.exists()

    @property
    def size(self) -> int:
        return self._part.stat().st_size if self._part.exists() else 0

    def attempt(self) -> None:
        offset, headers = self._resumption()
        with self._client.stream("GET", self._url, headers=headers) as response:
            if response.status_code == _RANGE_IMPOSSIBLE and offset:
                self._part.unlink()
                raise _TryAgainError("the part of it that is here cannot be continued")
            if response.status_code in _RETRIED:
                raise _TryAgainError(f"the server says {response.status_code}")
            if not response.is_success:
                raise unavailable(f"{self._url} cannot be fetched: {response.status_code}.")
            self._receive(response, self._start(response, offset))
        self._part.replace(self._target)
        self._state.unlink(missing_ok=True)
        self.finished = True

    def _resumption(self) -> tuple[int, dict[str, str]]:
        """How much is there already, and the headers that ask for the rest."""
        try:
            state = json.loads(self._state.read_text(encoding="utf-8"))
            offset, validator = self.size, state["validator"]
        except (OSError, ValueError, KeyError):
            return 0, {}
        if not offset or not validator or state.get("url") != self._url:
            return 0, {}
        return offset, {"Range": f"bytes={offset}-", "If-Range": validator}

    def _start(self, response: httpx.Response, offset: int) -> int:
        """Where the bytes of this answer begin."""
        if response.status_code == _PARTIAL:
            if not response.headers.get("Content-Range", "").startswith(f"bytes {offset}-"):
                self._part.unlink(missing_ok=True)
                raise _TryAgainError("the server sent another range than it was asked for")
            return offset
        tag = response.headers.get("ETag", "")
        # A weak tag does not vouch for every byte.
        validator = response.headers.get("Last-Modified", "") if tag.startswith("W/") else tag
        state = {"url": self._url, "validator": validator or response.headers.get("Last-Modified")}
        self._part.unlink(missing_ok=True)
        self._state.write_text(json.dumps(state), encoding="utf-8")
        return 0

    def _receive(self, response: httpx.Response, offset: int) -> None:
        announced = int(response.headers.get("Content-Length", 0))
        total = offset + announced if announced else 0
        require_space(self._target.parent, announced)
        done = offset
        with self._part.open("ab") as out:
            for chunk in response.iter_raw():
                out.write(chunk)
                done += len(chunk)
                self._on_bytes(done, total)
        if total and done != total:
            raise _TryAgainError(f"{done:,} bytes came of {total:,}")
