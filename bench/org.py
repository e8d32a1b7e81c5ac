"""The organisation of bench/data.py: its tables, its rules, and a connection that answers from
files, so that everything above the bytes of an answer is the real thing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from bench.data import ORG, TABLES, Pages
from bench.expected import NOW
from gradesys.dataverse.answers import Response
from gradesys.dataverse.client import Client
from gradesys.dataverse.retry import ClientOptions
from gradesys.dataverse.store import DataverseStore
from gradesys.dataverse.transport import Request, Transport
from gradesys.records import Column, Kind, Schema, Scope, Table
from gradesys.rules.compile import CompiledModel, compile_model
from gradesys.rules.document import load_document
from gradesys.rules.parse import parse_model
from gradesys.span import CREATED, Span

RULES = Path(__file__).with_name("resync.yaml")
AS_OF = datetime.fromisoformat(NOW)
_STATE = Column("statecode", Kind.CHOICE)
_CUSTOMER = Column("customerid", Kind.LOOKUP, targets=("account",))
_ENTITIES = {entities: table for table, entities in TABLES.items()}


def _table(name: str, columns: tuple[Column, ...]) -> Table:
    id = Column(f"{name}id", Kind.ID)
    every = {column.name: column for column in (id, *columns)}
    navigations = {("customerid", "account"): "customerid_account"} if _CUSTOMER in columns else {}
    return Table(name, TABLES[name], id.name, every, navigations)


SCHEMA: Schema = {
    "account": _table(
        "account",
        (
            Column("revenue", Kind.MONEY, places=2),
            Column("numberofemployees", Kind.INTEGER),
            Column("industrycode", Kind.CHOICE),
            Column("creditonhold", Kind.BOOLEAN),
            Column("gs_score", Kind.DECIMAL, places=2),
            Column("gs_grade", Kind.TEXT, length=10),
            Column(CREATED, Kind.INSTANT),
        ),
    ),
    "invoice": _table(
        "invoice",
        (
            _CUSTOMER,
            _STATE,
            Column("totalamount_base", Kind.MONEY, places=10),
            Column("createdon", Kind.INSTANT),
        ),
    ),
    "opportunity": _table(
        "opportunity",
        (_CUSTOMER, _STATE, Column("estimatedvalue_base", Kind.MONEY, places=2)),
    ),
}


def model() -> CompiledModel:
    """The rules of the population."""
    document = load_document(RULES.read_text(encoding="utf-8"), str(RULES))
    return compile_model(parse_model(document, {}), SCHEMA)


class Files(Transport):
    """Answers every query of a table, or of the rows of a range, by its next stored page."""

    def __init__(self, pages: Pages, options: ClientOptions) -> None:
        super().__init__(options)
        self._pages = pages

    def send(self, request: Request, token: str | None) -> Response:
        """The page that an address names: the first, or the one that a link leads to."""
        self.requests += 1
        address = urlsplit(request.url)
        table, query = _ENTITIES[address.path.rpartition("/")[2]], parse_qs(address.query)
        number = query["page"][0] if "page" in query else self._first(table, query.get("$filter"))
        return Response(200, _HEADERS, self._pages.one(table, int(number)))

    def _first(self, table: str, filters: Sequence[str] | None) -> int:
        """The number of the first page of the range that a filter names; the first one is named by
        its end alone."""
        of = CREATED if table == "account" else f"customerid_account/{CREATED}"
        begun = [f"{of} ge {start}" in str(filters) for start in self._pages.starts]
        return self._pages.first(table, begun.index(True) if True in begun else 0)


_HEADERS: Mapping[str, str] = {}


def scopes_of(pages: Pages) -> list[Scope]:
    """The ranges of the population, as a resync cuts it."""
    inner = [datetime.fromisoformat(start) for start in pages.starts[1:]]
    return [Scope("account", span=Span(*ends)) for ends in pairwise((None, *inner, None))]


def store_of(pages: Pages, parallelism: int = 8) -> DataverseStore:
    """The population as the engine sees it."""
    options = ClientOptions(parallelism=parallelism)
    client = Client(ORG, lambda: None, options, transport=Files(pages, options))
    return DataverseStore(client, SCHEMA, {})
