"""Dataverse as the engine's store: pages of rows in, changes out, and nothing about scores."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from gradesys.changes import Change, Outcome, Written
from gradesys.dataverse.answers import Response
from gradesys.dataverse.client import Client
from gradesys.dataverse.counting import ends_of, sizes_of
from gradesys.dataverse.fates import outcome
from gradesys.dataverse.literals import guid
from gradesys.dataverse.odata import table_of
from gradesys.dataverse.outgoing import Outgoing, cells_of, prepare, waves
from gradesys.dataverse.queries import PAGE_SIZE
from gradesys.dataverse.reading import Query, Reader
from gradesys.dataverse.sending import send_all
from gradesys.dataverse.writing import SMALL, Writer
from gradesys.errors import PermanentError
from gradesys.records import Page, Plan, Read, Schema, Value
from gradesys.span import Span


class DataverseStore:
    """Rows of one organisation. ``writable`` names the only columns ``write`` may touch, by table;
    ``chunk`` is how many rows go into one bulk update at most, ``page_size`` how many come in one
    page: of a record with more, figures are asked for where they suffice."""

    def __init__(
        self,
        client: Client,
        schema: Schema,
        writable: Mapping[str, frozenset[str]],
        *,
        chunk: int = 1000,
        page_size: int = PAGE_SIZE,
    ) -> None:
        self._client = client
        self._schema = schema
        self._writable = writable
        self._reader = Reader(client, schema, page_size)
        self._writer = Writer(client, chunk)

    @property
    def requests(self) -> int:
        """HTTP requests sent so far."""
        return self._client.requests

    def pages(self, plan: Plan) -> Iterator[Page]:
        """The rows that answer ``plan``. A scope of ids takes one HTTP request for all reads, plus
        one for each further page; without ids the reads run side by side."""
        if plan.scope.ids is None:
            return self._reader.everything(plan)
        return self._reader.some(plan)

    def sizes(self, read: Read, spans: Sequence[Span]) -> tuple[int | None, ...]:
        """How many rows ``read`` has in each span, by one HTTP request for 100 of them; None: more
        than Dataverse counts at once."""
        return sizes_of(self._client, self._schema, read, spans)

    def ends(self, read: Read) -> tuple[datetime, datetime] | None:
        """When the first and the last of a read's rows were created; None: nothing tells."""
        return ends_of(self._client, self._schema, read)

    def write(self, changes: Sequence[Change], verify: Plan | None = None) -> Written:
        """Update rows, never create one. With ``verify`` its pages were read after the last write:
        few changes and their reads share one HTTP request, many are sent in bulk first. Raises
        ``PermanentError`` before anything is sent for a column that is not writable."""
        outgoing = prepare(self._schema, self._writable, changes)
        if verify is None:
            return Written(self._writer.bulk(outgoing))
        if len(outgoing) > SMALL:
            return Written(self._writer.bulk(outgoing), tuple(self._reader.some(verify)))
        return self._write_and_verify(outgoing, verify)

    def put_row(self, table: str, id: str, values: Mapping[str, Value]) -> None:
        """Create or update one row of our own, such as a run's progress. Refused for a scored
        table, where it could bring back a deleted record."""
        if table in self._writable:
            raise PermanentError(f"rows of {table} are never created")
        definition = table_of(self._schema, table)
        path = f"{definition.entity_set}({guid(id)})"
        self._client.request("PATCH", path, cells_of(definition, values))

    def count(self, table: str) -> int:
        """How many rows ``table`` has; Dataverse counts to 5,000 and stops there."""
        definition = table_of(self._schema, table)
        path = f"{definition.entity_set}?$select={definition.id_column}&$top=1&$count=true"
        return int(self._client.request("GET", path).json()["@odata.count"])

    def ping(self) -> None:
        """Ask once. Raises what stands between us and Dataverse, if anything does."""
        self._client.ping()

    def organization_id(self) -> str:
        """The organisation's id, lower case."""
        answer = self._client.request("GET", "WhoAmI").json()
        return guid(str(answer["OrganizationId"]))

    def _write_and_verify(self, changes: Sequence[Outgoing], verify: Plan) -> Written:
        *earlier, last = waves(changes) or [[]]
        outcomes: dict[int, Outcome] = {}
        for wave in earlier:
            rows = [changes[position] for position in wave]
            outcomes.update(zip(wave, self._writer.patch(rows), strict=True))
        writes = [changes[position].part() for position in last]

        def ask(queries: Sequence[Query]) -> Sequence[Response]:
            answers = send_all(self._client, [*writes, *(query.part() for query in queries)])
            for position, answer in zip(last, answers, strict=False):
                outcomes[position] = outcome(changes[position].change, answer.error())
            return answers[len(last) :]

        pages = tuple(self._reader.some(verify, ask))
        return Written(tuple(outcomes[i] for i in range(len(changes))), pages)
