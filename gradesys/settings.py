"""The environment, read once into a frozen value. Nothing else looks at environment variables.

Every name begins with ``GRADESYS_``. What must not leave this machine by accident (no sign-in, a
pinned clock) is refused for any address that is not loopback.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from gradesys.errors import SettingsError

PREFIX = "GRADESYS_"
LEAST_REQUESTS = 60


@dataclass(frozen=True, slots=True)
class Settings:
    """What the service needs to know. Secrets never appear in its repr."""

    dataverse_url: str = ""
    """The organisation's root, for example https://contoso.crm4.dynamics.com."""
    rules: Path = Path("config/rules")
    """The folder of the active rule files; ``packs`` beside it answers ``extends``."""
    params: Path | None = None
    """A file of params that this environment sets otherwise, by model id."""
    auth: str = "client_secret"
    """client_secret, certificate, managed_identity, or none (loopback only)."""
    authority: str = ""
    """The sign-in authority; empty means Entra ID of ``tenant_id``."""
    authority_ca: str = ""
    """A file of certificate authorities to trust, where those of the sign-in authority and the
    organisation are not public ones."""
    tenant_id: str = ""
    client_id: str = ""
    """Of the application, or of a user-assigned managed identity; empty: the system's own."""
    client_secret: str = field(default="", repr=False)
    certificate: str = ""
    """A PEM, PFX or P12 file with the application's key and certificate."""
    certificate_password: str = field(default="", repr=False)
    work: Path = Path("work/gradesys.sqlite")
    """The sqlite file of marks and ledger, where no ``storage`` is named."""
    storage: str = field(default="", repr=False)
    """The Azure storage account of marks and ledger: its name, its https address, or a connection
    string for Azurite on this machine."""
    webhook_keys: tuple[str, ...] = field(default=(), repr=False)
    """Accepted values of x-gs-key; none configured rejects everything."""
    api_audience: str = ""
    """The client id of our API's app registration: whose bearer tokens ``/api/recompute`` takes."""
    alert_url: str = field(default="", repr=False)
    """Where a red service is told of: https, or this machine. It may hold a secret."""
    request_limit: int | None = None
    """Requests that all processes together send in any 300 s; none: 5,400, of the 6,000 that
    Dataverse takes from a user, and as many as they like on this machine."""
    now: datetime | None = None
    """Pins the clock of scores, on loopback only."""

    @property
    def loopback(self) -> bool:
        """Whether Dataverse is this machine."""
        return is_loopback(self.dataverse_url)


def split_url(url: str) -> SplitResult:
    """The parts of a URL; of what is none, nothing."""
    try:
        parts = urlsplit(url)
        return parts if parts.port != 0 else urlsplit("")
    except ValueError:
        return urlsplit("")


def is_loopback(url: str) -> bool:
    """Tell whether a URL's host is this machine."""
    host = split_url(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def keeps_secrets(url: str) -> bool:
    """Tell whether a secret may be sent to a URL: by https, or to this machine."""
    parts = split_url(url)
    secure = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(url))
    return secure and bool(parts.hostname)


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Read ``GRADESYS_*``. Raises SettingsError with what to set."""

    def text(name: str, default: str = "") -> str:
        return environment.get(PREFIX + name, default).strip() or default

    settings = Settings(
        dataverse_url=text("DATAVERSE_URL").rstrip("/"),
        rules=Path(text("RULES", "config/rules")),
        params=Path(text("PARAMS")) if text("PARAMS") else None,
        auth=text("AUTH", "client_secret"),
        authority=text("AUTHORITY"),
        authority_ca=text("AUTHORITY_CA"),
        tenant_id=text("TENANT_ID"),
        client_id=text("CLIENT_ID"),
        client_secret=text("CLIENT_SECRET"),
        certificate=text("CERTIFICATE"),
        certificate_password=text("CERTIFICATE_PASSWORD"),
        work=Path(text("WORK", "work/gradesys.sqlite")),
        storage=text("STORAGE"),
        webhook_keys=tuple(key.strip() for key in text("WEBHOOK_KEYS").split(",") if key.strip()),
        api_audience=text("API_AUDIENCE"),
        alert_url=_hook(text("ALERT_URL")),
        request_limit=_request_limit(text("REQUEST_LIMIT")),
        now=_instant(text("NOW")),
    )
    if settings.now is not None and not settings.loopback:
        raise SettingsError("GRADESYS_NOW pins the clock on loopback only; unset it for a real org")
    return settings


def require_org(settings: Settings) -> Settings:
    """Check that an organisation is named and may be reached this way."""
    parts = split_url(settings.dataverse_url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise SettingsError("set GRADESYS_DATAVERSE_URL to the organisation's root address")
    if not settings.loopback and (parts.scheme == "http" or settings.auth == "none"):
        raise SettingsError(
            "an address that is not loopback needs https and GRADESYS_AUTH other than none"
        )
    return settings


def _hook(url: str) -> str:
    if url and not keeps_secrets(url):
        raise SettingsError("GRADESYS_ALERT_URL must be an https address, or one on this machine")
    return url


def _request_limit(text: str) -> int | None:
    if not text:
        return None
    if not text.isdecimal() or int(text) < LEAST_REQUESTS:
        raise SettingsError(
            f"GRADESYS_REQUEST_LIMIT is a number of requests in 300 s, at least {LEAST_REQUESTS}"
        )
    return int(text)


def _instant(text: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise SettingsError(f"GRADESYS_NOW is not an ISO instant: {text}") from error
    if moment.tzinfo is None:
        raise SettingsError("GRADESYS_NOW needs an offset, for example 2026-06-15T12:00:00+03:30")
    return moment.astimezone(UTC)
