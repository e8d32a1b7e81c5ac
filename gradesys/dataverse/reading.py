"""Reading plans: a batch for some records, a walk through whole tables for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass

from gradesys.dataverse.answers import Response
from gradesys.dataverse.batch import Part
from gradesys.dataverse.client import Client
from gradesys.dataverse.decode import PageDecoder
from gradesys.dataverse.queries import prefer, urls
from gradesys.dataverse.sending import send_all
from gradesys.dataverse.shapes import shape_of
from gradesys.dataverse.totals import partial_of
from gradesys.records import Page, Partial, Plan, Read, Ref, Schema


@dataclass(frozen=True, slots=True)
class Query:
    """One URL of one read, ready to send."""

    read: Read
    path: str
    headers: dict[str, str]
    id: str | None
    """Of the one record whose rows are asked for; None: several records."""

    def part(self) -> Part:
        """This query as a part of a batch."""
        return Part("GET", self.path, headers=self.headers)


class Reader:
    """Sends queries and decodes their pages; decoders are built once per shape."""

    def __init__(self, client: Client, schema: Schema, page_size: int) -> None:
        self._client = client
        self._schema = schema
        self._page_size = page_size
        self._decoders: dict[tuple[str, tuple[str, ...]], PageDecoder] = {}

    def queries(self, plan: Plan) -> list[Query]:
        """Everything to send for ``plan``."""
        ids = set(plan.scope.ids or ())
        id_ = ids.pop() if len(ids) == 1 else None
        return [
            Query(read, path, prefer(self._schema, read, self._page_size), id_)
            for read in plan.reads
            for path in urls(self._schema, read, plan.scope)
        ]

    def some(self, plan: Plan) -> Iterator[Page]:
        """The pages of a scope with ids."""
        queries = self.queries(plan)
        return self.decoded(queries, self._answers(queries))

    def decoded(self, queries: Sequence[Query], answers: Iterable[Response]) -> Iterator[Page]:
        """The pages of first ``answers``, each followed by its own further pages, or replaced by
        figures of all of them."""
        for query, answer in zip(queries, answers, strict=True):
            page, link = self._page(query, answer)
            if link is not None and (partial := self._partial(query, page)):
                yield Page(query.read, (), (partial,))
                continue
            yield page
            while link is not None:
                page, link = self._fetch(query, link)
                yield page

    def everything(self, plan: Plan) -> Iterator[Page]:
        """The pages of whole tables. Each read fetches its next page while the caller works on the
        one before, so that one page per read is the most that waits in memory."""
        queries = self.queries(plan)
        pool = ThreadPoolExecutor(max(1, min(self._client.options.parallelism, len(queries))))
        try:
            running = {pool.submit(self._fetch, query, query.path): query for query in queries}
            while running:
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    query = running.pop(future)
                    page, link = future.result()
                    if link is not None:
                        running[pool.submit(self._fetch, query, link)] = query
                    yield page
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def _answers(self, queries: Sequence[Query]) -> list[Response]:
        if len(queries) == 1:
            query = queries[0]
            return [self._client.request("GET", query.path, headers=query.headers)]
        return send_all(self._client, [query.part() for query in queries])

    def _fetch(self, query: Query, path: str) -> tuple[Page, str | None]:
        return self._page(query, self._client.request("GET", path, headers=query.headers))

    def _partial(self, query: Query, page: Page) -> Partial | None:
        """A hot record's rows as figures, where these suffice. The server finds rows by id alone,
        so rows of another table's record with this id rule that out; fewer rows than came already
        are no answer."""
        read = query.read
        if query.id is None or read.figures is None or not _all_lead_to(read, page):
            return None
        partial = partial_of(self._client, self._schema, read, query.id)
        return partial if partial and partial.rows >= len(page.rows) else None

    def _page(self, query: Query, answer: Response) -> tuple[Page, str | None]:
        error = answer.error()
        if error is not None:
            raise error
        page = self._decoder(query.read).decode(answer.content)
        return Page(query.read, page.rows), page.next_link

    def _decoder(self, read: Read) -> PageDecoder:
        key = (read.table, read.columns)
        if key not in self._decoders:
            shape = shape_of(self._schema, read.table, read.columns)
            self._decoders[key] = PageDecoder(shape, read.columns)
        return self._decoders[key]


def _all_lead_to(read: Read, page: Page) -> bool:
    leads = (row[read.key] for row in page.rows)
    return all(isinstance(lead, Ref) and lead.table == read.target for lead in leads)
