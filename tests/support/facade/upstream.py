"""The emulator behind the façade."""

from types import TracebackType
from typing import Self

import aiohttp
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as Key
from multidict import CIMultiDict
from yarl import URL

from tests.support.facade.calls import Answer, Call, Place
from tests.support.facade.sigv4 import Credentials

_OF_THE_CONNECTION = frozenset(
    {"connection", "content-length", "expect", "keep-alive", "transfer-encoding"}
)
_ADDED_BY_AIOHTTP = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")


class Upstream:
    """Passes calls on as they are, the Host header too: the emulator verifies signatures as well."""

    _session: aiohttp.ClientSession

    def __init__(self, url: str, region: str, credentials: Credentials) -> None:
        self._url = url.rstrip("/")
        self._region = region
        self._credentials = credentials

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0),  # many long polls wait at once
            timeout=aiohttp.ClientTimeout(),
            auto_decompress=False,
            skip_auto_headers=_ADDED_BY_AIOHTTP,
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._session.close()

    async def send(self, call: Call) -> Answer:
        """Raises aiohttp.ClientError where the emulator does not answer."""
        async with self._session.request(
            call.method,
            URL(self._url + call.target, encoded=True),
            headers=_end_to_end(call.headers),
            data=call.body if call.body or call.method in {"POST", "PUT"} else None,
            allow_redirects=False,
        ) as response:
            body = await response.read()
            headers = _end_to_end(CIMultiDict(response.headers))
            if call.method == "HEAD" and "Content-Length" in response.headers:
                headers["Content-Length"] = response.headers["Content-Length"]
            return Answer(response.status, headers, body)

    async def head(self, place: Place) -> Answer:
        """An object's head, asked for in our own name."""
        url = URL(self._url) / place.bucket / place.key
        if place.version_id:
            url = url.with_query(versionId=place.version_id)
        request = AWSRequest("HEAD", str(url))
        access_key, secret = next(iter(self._credentials().items()))
        S3SigV4Auth(Key(access_key, secret), "s3", self._region).add_auth(request)
        headers = CIMultiDict({"Host": f"{url.host}:{url.port}", **dict(request.headers)})
        return await self.send(Call("HEAD", url.raw_path, url.raw_query_string, headers, b""))


def _end_to_end(headers: CIMultiDict[str]) -> CIMultiDict[str]:
    return CIMultiDict(
        (name, value) for name, value in headers.items() if name.lower() not in _OF_THE_CONNECTION
    )
