"""One request and one answer of the Web API, whether alone or as a part of a ``$batch``.

Handlers are plain functions ``Call -> Answer``; errors are raised, never returned.
"""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, TypeAlias

import msgspec
from msgspec import Struct, field

from emulator.errors import bad_query
from emulator.organization import Organization

JSON = "application/json; odata.metadata=minimal"
_ENCODER = msgspec.json.Encoder(decimal_format="number")
_DECODER = msgspec.json.Decoder(dict[str, Any], float_hook=Decimal)


class Headers(dict[str, str]):
    """Request headers by lower-case name."""

    def __init__(self, given: Mapping[str, str] | Iterable[tuple[str, str]] = ()) -> None:
        super().__init__()
        for name, value in given.items() if isinstance(given, Mapping) else given:
            # A header may come in several lines; they mean the same as one with commas.
            held = self.get(name.lower())
            self[name.lower()] = value if held is None else f"{held},{value}"


class Call(Struct, frozen=True):
    """A request: ``path`` is decoded and relative to ``/api/data/v9.2/``, ``query`` is raw.

    ``root`` is the absolute address of the API ending in ``/``.
    """

    org: Organization
    method: str
    path: str
    query: str
    headers: Headers
    body: bytes
    root: str
    references: Mapping[str, str] = field(default_factory=dict)

    def json(self) -> dict[str, Any]:
        """The body as a JSON object; 400 when it is none. Numbers stay exact."""
        try:
            return _DECODER.decode(self.body or b"{}")
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise bad_query(f"Invalid JSON: {error}") from error


class Answer(Struct, frozen=True):
    """An answer; ``body`` is what the JSON encoder gets, None is an empty body."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    def encoded(self) -> bytes:
        """The body as bytes; raw bytes pass through."""
        if self.body is None:
            return b""
        return self.body if isinstance(self.body, bytes) else _ENCODER.encode(self.body)


Handler: TypeAlias = Callable[[Call], Answer]


def created(address: str) -> Answer:
    """204 with the address of what was made or changed."""
    return Answer(204, headers={"OData-EntityId": address})
