"""Which page of a FetchXML query: its order, and the cookie that says where it ended."""

from collections.abc import Iterator, Sequence
from urllib.parse import quote as percent_encoded

from msgspec import Struct

from emulator.errors import ApiError, Unsupported
from emulator.query.cookies import read_place, write_place
from emulator.query.fetchxml.faults import bad_fetch
from emulator.query.fetchxml.model import Attribute, Entity, Fetch, Order
from emulator.query.fetchxml.parse import joined_links
from emulator.query.fetchxml.plan import Plan, column_named
from emulator.query.pages import PAGE
from emulator.query.sort import SortKey, after_row, sort_keys
from emulator.query.source import TRUE, Source, Sql
from emulator.rows.values import SqlValue

SIMPLE_LIMIT = 50_000


class Place(Struct, frozen=True):
    """The rows of one page: how many, after which condition, skipping how many."""

    size: int
    after: Sql = TRUE
    skip: int = 0

    def limit(self) -> str:
        """One row more than the page has, to know whether others follow."""
        return f"LIMIT {self.size + 1} OFFSET {self.skip}"


def page_size(fetch: Fetch) -> int:
    return min(fetch.top or fetch.count or PAGE, PAGE)


def place_of(fetch: Fetch, keys: Sequence[SortKey]) -> Place:
    """The page asked for; 400 for a cookie of another query or a page too far without one."""
    size = page_size(fetch)
    if fetch.cookie is None:
        return Place(size, skip=_skipped(fetch.page - 1, size))
    page, last = read_place(fetch.cookie)
    if len(last) != len(keys):
        raise ApiError(400, "0x80040203", "The paging cookie belongs to another query.")
    if fetch.page <= page:
        raise Unsupported("paging backwards with a paging cookie")
    return Place(size, after_row(keys, last), _skipped(fetch.page - 1 - page, size))


def _skipped(pages: int, size: int) -> int:
    if pages * size >= SIMPLE_LIMIT:
        message = (
            "Paging cookie is required when trying to retrieve a set of records on any high pages."
        )
        raise ApiError(400, "0x8004e024", message)
    return pages * size


def write_fetch_cookie(page: int, last: Sequence[SqlValue]) -> str:
    """The annotation's value; the inner cookie is URL-encoded twice (dataverse.md 3.6)."""
    inner = percent_encoded(percent_encoded(write_place(page, last), safe=""), safe="")
    return f'<cookie pagenumber="{page + 1}" pagingcookie="{inner}" istracking="False" />'


def order_keys(plan: Plan, entity: Entity) -> tuple[list[SortKey], bool]:
    """The sort keys of the entity, then of its links; and whether a link's column is among them."""
    keys: list[SortKey] = []
    foreign = False
    for source, order, attributes in _orders(plan, entity):
        found, name = _ordered(plan, source, order, attributes)
        column = column_named(found, name)
        keys += sort_keys(found, [(column.property_name, order.descending)])[:1]
        foreign = foreign or found is not plan.main
    return keys, foreign


def unique_keys(plan: Plan) -> list[SortKey]:
    """The primary keys of all joined tables: they decide between equal rows."""
    return [sort_keys(source, [])[-1] for source in (plan.main, *plan.linked.values())]


_Ordered = tuple[Source, Order, tuple[Attribute, ...]]


def _orders(plan: Plan, entity: Entity) -> Iterator[_Ordered]:
    yield from ((plan.main, order, entity.attributes or ()) for order in entity.orders)
    for link in joined_links(entity):
        source = plan.linked[link.alias]
        for order in link.entity.orders:
            yield source, order, link.entity.attributes or ()


def _ordered(
    plan: Plan, source: Source, order: Order, attributes: Sequence[Attribute]
) -> tuple[Source, str]:
    if order.attribute is not None:
        return plan.named(order.entity, source), order.attribute
    names = [item.name for item in attributes if item.alias == order.alias]
    if not names:
        raise bad_fetch(f"No attribute has the alias '{order.alias}'.")
    return source, names[0]
