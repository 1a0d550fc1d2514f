"""Where browsers find the object store: pages let them talk to it, and to nobody else."""

from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlsplit

from services.api.ports import ApiPorts

_NOTHING = "none"  # a key that is never in use
_A_MOMENT = timedelta(minutes=1)


class StoreOrigins:
    """Asks the store itself, once: only it knows how its addresses are made."""

    def __init__(self, ports: ApiPorts) -> None:
        self._ports = ports
        self._origins: Sequence[str] | None = None

    async def __call__(self) -> Sequence[str]:
        """Scheme, host and port, of uploads and of downloads."""
        if self._origins is None:
            form = await self._ports.inputs.upload_form(_NOTHING, max_bytes=1, expires=_A_MOMENT)
            download = await self._ports.results.download_url(
                _NOTHING, file_name=_NOTHING, expires=_A_MOMENT
            )
            self._origins = sorted({_origin(form.url), _origin(download)})
        return self._origins


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
