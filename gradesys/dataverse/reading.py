"""Reading plans: a batch for some records, a walk through whole tables for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from gradesys.budget.lane import carried
from gradesys.dataverse.answers import Response
from gradesys.dataverse.batch import Part
from gradesys.dataverse.client import Client
from gradesys.dataverse.decode import Decoded, Form, PageDecoder
from gradesys.dataverse.descending import Descent, Wanted, is_tree
from gradesys.dataverse.fetchpages import FetchDecoder
from gradesys.dataverse.fetchxml import PREFER, Fetch, fetches
from gradesys.dataverse.queries import ADDRESS_LIMIT, Wording, urls, worded
from gradesys.dataverse.sending import send_all
from gradesys.dataverse.shapes import shape_of
from gradesys.dataverse.totals import partial_of
from gradesys.records import Page, Partial, Plan, Read, Ref, Schema, Scope


class Query(Struct, frozen=True):
    """One page of one read, ready to send. ``reads``: what its rows answer. ``fetch``: where its
    further pages come from, FetchXML having no links to them."""

    reads: tuple[Read, ...]
    path: str
    headers: Mapping[str, str]
    fetch: Fetch | None = None
    number: int = 1
    ids: tuple[str, ...] = ()
    """The records whose rows are asked for, where one query asks for all of them."""

    def part(self) -> Part:
        """This query as a part of a batch."""
        return Part("GET", self.path, headers=self.headers)


WORDED = 512
"""Reads whose words are kept; windows move, so old ones must go."""
Ask = Callable[[Sequence[Query]], Iterable[Response]]
"""Sends the first queries of a plan, alone or together with something else."""


_Purpose = tuple[str, tuple[str, ...], Form, bool]
"""Table, columns, their form, and whether it is FetchXML's: what a decoder is made for."""


class Reader:
    """Sends queries and decodes their pages; reads are put into words once, and decoders are built
    once per shape."""

    def __init__(self, client: Client, schema: Schema, page_size: int) -> None:
        self._client = client
        self._schema = schema
        self._worded: Callable[[Read], Wording] = lru_cache(WORDED)(
            lambda read: worded(schema, read, page_size)
        )
        self._decoders: dict[_Purpose, PageDecoder | FetchDecoder] = {}

    def some(self, plan: Plan, ask: Ask | None = None) -> Iterator[Page]:
        """The pages of a scope with ids: one round, and where hierarchies are walked one more for
        each level and one for what hangs on them. ``ask`` sends the first round."""
        ids = plan.scope.ids or ()
        trees = [
            Descent(read, read.below, set(ids))
            for read in plan.reads
            if read.below and is_tree(read, self._schema)
        ]
        start = [Wanted(read, plan.scope, read) for read in plan.reads if read.below is None]
        first = [*start, *(wanted for tree in trees for wanted in tree.first())]
        yield from self._round(first, trees, ask or self._answers)
        while deeper := [wanted for tree in trees for wanted in tree.next()]:
            yield from self._round(deeper, trees, self._answers)
        hanging = [wanted for tree in trees for wanted in tree.hanging(plan)]
        yield from self._round(hanging, (), self._answers)

    def everything(self, plan: Plan) -> Iterator[Page]:
        """The pages of whole tables. Each read fetches its next page while the caller works on the
        one before, so that one answer per read is the most that waits in memory. Pages are decoded
        by the caller's thread, whose processor then has at hand what the caller looks at."""
        queries = self._whole(plan)
        pool = ThreadPoolExecutor(max(1, min(self._client.options.parallelism, len(queries))))
        try:
            ask = carried(self._answer)
            running = {pool.submit(ask, query): query for query in queries}
            while running:
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    pages, further = self._pages(running.pop(future), future.result())
                    if further is not None:
                        running[pool.submit(ask, further)] = further
                    yield from pages
                    del pages  # before the next one is decoded
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def _round(
        self, wanted: Sequence[Wanted], trees: Sequence[Descent], ask: Ask
    ) -> Iterator[Page]:
        """The pages of first answers, each followed by its own further pages, or replaced by
        figures of all of them."""
        queries = [query for each in wanted for query in self._queries(each)]
        answers = ask(queries) if queries else ()
        for query, answer in zip(queries, answers, strict=True):
            pages, further = self._pages(query, answer)
            if further is not None and _is_better_apart(query):
                yield from self._each(query)
                continue
            if further is not None and (partial := self._partial(query, pages[0])):
                pages, further = [Page(query.reads[0], (), (partial,))], None
            while True:
                for tree in trees:
                    tree.note(pages)
                yield from pages
                if further is None:
                    break
                pages, further = self._fetch(further)

    def _each(self, query: Query) -> Iterator[Page]:
        """More rows than one page, of which one record may have most: each record by itself, so
        that figures can be told of the hot ones, and the others do not wait for their rows."""
        read = query.reads[0]
        alone = [Wanted(read, Scope(read.target, (id,)), read) for id in query.ids]
        yield from self._round(alone, (), self._answers)

    def _queries(self, wanted: Wanted) -> Iterator[Query]:
        asked, ids = wanted.asked, wanted.scope.ids
        if asked.way and ids is not None:
            for fetch in fetches(self._schema, asked, ids):
                yield Query((wanted.read,), fetch.path(), PREFER, fetch)
            return
        wording = self._worded(asked)
        paths = urls(wording, wanted.scope)
        told = tuple(dict.fromkeys(ids or ())) if len(paths) == 1 else ()
        for path in paths:
            yield Query((wanted.read,), path, wording.prefer, ids=told)

    def _whole(self, plan: Plan) -> list[Query]:
        """Each distinct URL once, however many reads it answers."""
        found: dict[str, list[Read]] = {}
        for read in plan.reads:
            for path in urls(self._worded(read), plan.scope):
                found.setdefault(path, []).append(read)
        return [
            Query(tuple(reads), path, self._worded(reads[0]).prefer)
            for path, reads in found.items()
        ]

    def _answers(self, queries: Sequence[Query]) -> list[Response]:
        query = queries[0]
        if len(queries) == 1 and len(query.path) <= ADDRESS_LIMIT:
            return [self._client.request("GET", query.path, headers=query.headers)]
        return send_all(self._client, [query.part() for query in queries])

    def _answer(self, query: Query) -> Response:
        return self._answers([query])[0]

    def _fetch(self, query: Query) -> tuple[list[Page], Query | None]:
        return self._pages(query, self._answer(query))

    def _partial(self, query: Query, page: Page) -> Partial | None:
        """A hot record's rows as figures, where these suffice. The server finds rows by id alone,
        so rows of another table's record with this id rule that out; fewer rows than came already
        are no answer."""
        read = page.read
        if len(query.ids) != 1 or read.figures is None or not _all_lead_to(read, page):
            return None
        partial = partial_of(self._client, self._schema, read, query.ids[0])
        return partial if partial and partial.rows >= len(page.rows) else None

    def _pages(self, query: Query, answer: Response) -> tuple[list[Page], Query | None]:
        """The page for each read that it answers, and the query of the next one."""
        error = answer.error()
        if error is not None:
            raise error
        page = self._decoder(query).decode(answer.content)
        pages = [Page(read, page.rows, typed=page.typed) for read in query.reads]
        return pages, _further(query, page)

    def _decoder(self, query: Query) -> PageDecoder | FetchDecoder:
        read, form = query.reads[0], _form(query.reads)
        key = (read.table, read.columns, form, query.fetch is not None)
        if key not in self._decoders:
            shape, names = shape_of(self._schema, read.table, read.columns), read.columns
            is_flat = query.fetch is not None
            self._decoders[key] = (
                FetchDecoder(shape, names) if is_flat else PageDecoder(shape, names, form)
            )
        return self._decoders[key]


def _form(reads: Sequence[Read]) -> Form:
    """The cells that somebody among those who share a query wants, spelled where nobody minds."""
    known = [(read.cells, read.spelled) for read in reads if read.cells is not None]
    if len(known) < len(reads):
        return Form()
    cells = frozenset[str]().union(*(cells for cells, _ in known))
    minded = frozenset[str]().union(*(cells - spelled for cells, spelled in known))
    return Form(cells, cells - minded)


def _is_better_apart(query: Query) -> bool:
    read = query.reads[0]
    return len(query.ids) > 1 and read.figures is not None and read.below is None


def _all_lead_to(read: Read, page: Page) -> bool:
    leads = (row[read.key] for row in page.rows)
    return all(isinstance(lead, Ref) and lead.table == read.target for lead in leads)


def _further(query: Query, page: Decoded) -> Query | None:
    if query.fetch is not None and page.more:
        number = query.number + 1
        return replace(query, path=query.fetch.path(number, page.cookie), number=number)
    return None if page.next_link is None else replace(query, path=page.next_link)
