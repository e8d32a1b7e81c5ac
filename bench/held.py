"""The population by account, as an organisation that answers what the live path asks: rows of some
accounts, updates, and what is stored after them. Nothing is narrowed down; that is for the rules.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from bench.data import ORG, TABLES, Pages
from bench.org import SCHEMA
from gradesys.dataverse.answers import Response
from gradesys.dataverse.client import Client
from gradesys.dataverse.retry import ClientOptions
from gradesys.dataverse.store import DataverseStore
from gradesys.dataverse.transport import Request, Transport

_PART = re.compile(
    rb"^(GET|PATCH) /api/data/v9\.2/(\w+)(?:\(([0-9a-f-]{36})\)|\?(\S+)) HTTP/1\.1\r\n"
    rb"(?:[^\r\n]+\r\n)*\r\n([^\r\n]*)",
    re.MULTILINE,
)
_ID = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_HEAD = b"--answer\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 "
_HEADERS = {"Content-Type": "multipart/mixed; boundary=answer"}
_WRITABLE = {"account": frozenset({"gs_score", "gs_grade"})}

_Cells = dict[str, msgspec.Raw]
Owned = Mapping[str, Sequence[msgspec.Raw]]
"""Rows by the account that they belong to."""


class _Page(msgspec.Struct):
    value: list[msgspec.Raw]


class _Owner(msgspec.Struct):
    own: str = msgspec.field(name="accountid", default="")
    parent: str = msgspec.field(name="_customerid_value", default="")


class _Bulk(msgspec.Struct):
    Targets: list[_Cells]


@dataclass(frozen=True, slots=True)
class Population:
    """Rows by entity set and account, as their pages tell them."""

    rows: Mapping[str, Owned]

    def store(self) -> DataverseStore:
        """The population in a state of its own: what is written to one store, no other knows."""
        options = ClientOptions(parallelism=1)
        client = Client(ORG, lambda: None, options, transport=_Answers(self, options))
        return DataverseStore(client, SCHEMA, _WRITABLE)


def population_of(pages: Pages) -> Population:
    """Every row of the pages."""
    return Population({TABLES[table]: _owned(pages.of(table)) for table in TABLES})


def _owned(pages: Iterable[bytes]) -> Owned:
    page_of, owner_of = msgspec.json.Decoder(_Page).decode, msgspec.json.Decoder(_Owner).decode
    found: defaultdict[str, list[msgspec.Raw]] = defaultdict(list)
    for page in pages:
        for row in page_of(page).value:
            owner = owner_of(row)
            found[owner.parent or owner.own].append(row)
    return found


class _Answers(Transport):
    def __init__(self, population: Population, options: ClientOptions) -> None:
        super().__init__(options)
        self._accounts = dict(population.rows["accounts"])
        self._rows = {**population.rows, "accounts": self._accounts}

    def send(self, request: Request, token: str | None) -> Response:
        """The answer to a batch, or to a bulk update."""
        self.requests += 1
        body = request.body or b""
        if request.url.endswith("$batch"):
            parts = [self._part(*found) for found in _PART.findall(body)]
            return Response(200, _HEADERS, b"".join([*parts, b"--answer--\r\n"]))
        for cells in msgspec.json.decode(body, type=_Bulk).Targets:
            self._update(msgspec.json.decode(cells.pop("accountid"), type=str), cells)
        return Response(204, {})

    def _part(self, method: bytes, entities: bytes, id: bytes, query: bytes, body: bytes) -> bytes:
        if method == b"PATCH":
            self._update(id.decode(), msgspec.json.decode(body, type=_Cells))
            return _HEAD + b"204 No Content\r\n\r\n\r\n"
        rows = self._rows[entities.decode()]
        asked = (rows.get(found.decode(), ()) for found in _ID.findall(query))
        told = b",".join(bytes(row) for each in asked for row in each)
        return _HEAD + b'200 OK\r\n\r\n{"value":[' + told + b"]}\r\n"

    def _update(self, id: str, cells: _Cells) -> None:
        row = msgspec.json.decode(self._accounts[id][0], type=_Cells)
        self._accounts[id] = [msgspec.Raw(msgspec.json.encode({**row, **cells}))]
