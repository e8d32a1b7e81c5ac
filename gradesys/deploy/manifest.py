"""From the rules to everything that an organisation must hold for them, as frozen data.

Pure: what is there already is the business of ``plan``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from xml.sax.saxutils import quoteattr

from msgspec import Struct, field

from gradesys.deploy.access.rights import Rights
from gradesys.deploy.names import HEADER, RECOMPUTE, derived_id
from gradesys.deploy.owntables import TableSpec
from gradesys.deploy.ranges.chains import with_score_ranges
from gradesys.deploy.roles import output_columns
from gradesys.deploy.runs import RUNS
from gradesys.deploy.scorehistory import HISTORY
from gradesys.deploy.specs import ColumnSpec
from gradesys.deploy.surface.assets import Assets, read_assets
from gradesys.deploy.surface.faces import Face, face_of
from gradesys.errors import Problem, RuleError, SettingsError
from gradesys.keys import mark_of
from gradesys.records import Schema
from gradesys.rules.model import RuleModel
from gradesys.rules.subscriptions import Step
from gradesys.settings import is_loopback, split_url

LONGEST_SECRET = 2048
STRING, GUID = 10, 12


class Endpoint(Struct, frozen=True):
    """A service endpoint: where steps post to. ``key`` is the secret of its x-gs-key header;
    ``mark`` tells whether the stored secret is this one, as it cannot be read back."""

    id: str
    name: str
    url: str
    mark: str
    key: str

    def __repr__(self) -> str:
        return f"Endpoint({self.name} at {self.url})"  # the key is nobody's to see

    @property
    def secret(self) -> str:
        """The header setting in the form that ``authvalue`` takes (dataverse.md 1.3)."""
        return (
            f"<settings><setting name={quoteattr(HEADER)} value={quoteattr(self.key)}/></settings>"
        )


class Parameter(Struct, frozen=True):
    """A request parameter of a Custom API; ``type`` as in dataverse.md 5.6."""

    name: str
    type: int
    optional: bool = False


class CustomApi(Struct, frozen=True):
    """A message without plug-in; its asynchronous step brings the parameters to us."""

    name: str
    title: str
    description: str
    parameters: tuple[Parameter, ...]


class Manifest(Struct, frozen=True):
    """All that must exist. ``steps`` post to ``events``, the Custom API's own to ``requests``;
    ``own`` are our own tables; ``tracked`` are tables whose changes the catch-up shall follow;
    ``faces`` are what users see of the models and ``assets`` the files that show it; ``address``
    is the service's root; ``rights`` are what its ``application`` (the id that it signs in with)
    must be allowed; ``secured``: explanations are for those who have our field security profile."""

    columns: tuple[ColumnSpec, ...]
    steps: tuple[Step, ...]
    events: Endpoint
    requests: Endpoint
    own: tuple[TableSpec, ...]
    api: CustomApi
    tracked: tuple[str, ...] = ()
    faces: tuple[Face, ...] = ()
    address: str = ""
    assets: Assets = field(default_factory=Assets)
    rights: Rights | None = None
    application: str = ""
    secured: bool = False


RECOMPUTE_API = CustomApi(
    name=RECOMPUTE,
    title="Recompute scores",
    description="Asks gradesys to recompute records of a table, or all of them.",
    parameters=(
        Parameter("Table", STRING),
        Parameter("Ids", STRING, optional=True),
        Parameter("RunId", GUID),
    ),
)


def manifest(
    models: Sequence[RuleModel],
    steps: Sequence[Step],
    base_url: str,
    key: str,
    schema: Schema | None = None,
) -> Manifest:
    """What the models need. ``schema`` tells sums of money from other numbers; without it every
    column counts as money. Raises RuleError, and SettingsError for an unusable address or key."""
    events, requests = endpoints_at(base_url, key)
    known = None if schema is None else with_score_ranges(schema, models)
    return Manifest(
        columns=_distinct(spec for model in models for spec in output_columns(model, known)),
        steps=tuple(steps),
        events=events,
        requests=requests,
        own=(RUNS, HISTORY),
        api=RECOMPUTE_API,
        faces=tuple(map(face_of, models)),
        address=base_url.rstrip("/"),
        assets=read_assets(),
    )


def endpoints_at(base_url: str, key: str) -> tuple[Endpoint, Endpoint]:
    """Where events and button presses are posted to. Raises SettingsError for an unusable address
    or key."""
    root = _root(base_url)
    return (
        endpoint("webhook", f"{root}/api/webhook", key),
        endpoint("recompute", f"{root}/api/recompute", key),
    )


def _distinct(specs: Iterable[ColumnSpec]) -> tuple[ColumnSpec, ...]:
    found: dict[str, ColumnSpec] = {}
    for spec in specs:
        if spec.label in found:
            raise RuleError((Problem(("output",), f"{spec.label} is the output of two models"),))
        found[spec.label] = spec
    return tuple(found.values())


def endpoint(name: str, url: str, key: str) -> Endpoint:
    """The endpoint of ours with this name. Raises SettingsError for a key that no header takes."""
    made = Endpoint(derived_id("endpoint", name), f"gradesys-{name}", url, mark_of(key), key)
    fits = key.isascii() and key.isprintable() and len(made.secret) <= LONGEST_SECRET
    if not key or not fits:
        raise SettingsError(
            "set GRADESYS_WEBHOOK_KEYS to a key of plain printable characters (ASCII) that fits a"
            " header of 2,000 characters"
        )
    return made


def _root(base_url: str) -> str:
    parts = split_url(base_url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise SettingsError(f"--base-url must be the service's root address, not '{base_url}'")
    if parts.scheme == "http" and not is_loopback(base_url):
        raise SettingsError("--base-url needs https, except on loopback")
    return base_url.rstrip("/")
