"""Where requests may go: below the organisation's own API root and nowhere else.

A nextLink comes from an answer, so it is followed on the configured host only.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

from gradesys.errors import PermanentError, SettingsError
from gradesys.settings import is_loopback, split_url

_API = "/api/data/"
_VERSION = "v9.2/"
_PORTS = {"https": 443, "http": 80}
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")


class Root:
    """The organisation's root URL, checked: https, or http on this machine."""

    def __init__(self, base_url: str) -> None:
        parts = split_url(base_url)
        if parts.scheme not in _PORTS or not parts.hostname or parts.query or parts.username:
            raise SettingsError(f"{base_url!r} is not the root URL of an organisation")
        if parts.scheme == "http" and not is_loopback(base_url):
            raise SettingsError("an organisation is reached by https only")
        self.url = base_url.rstrip("/")
        self._origin = _origin(parts)
        self._path = urlsplit(self.url).path + _API

    def resolve(self, path: str) -> str:
        """The URL of ``path``. Raises ``PermanentError`` for a link that leads elsewhere."""
        if _UNSAFE.search(path):
            raise PermanentError("a request path holds characters that must be encoded")
        if not path.lower().startswith(("http:", "https:", "/")):
            return f"{self.url}{_API}{_VERSION}{path}"
        parts = split_url(path)
        if _origin(parts) != self._origin or not parts.path.startswith(self._path):
            raise PermanentError("a link leads away from the configured organisation")
        return path

    def target(self, path: str) -> str:
        """``path`` as the request line of a batch part wants it: without scheme and host."""
        parts = urlsplit(self.resolve(path))
        return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None, str | None]:
    return parts.scheme, parts.hostname, parts.port or _PORTS.get(parts.scheme), parts.username
