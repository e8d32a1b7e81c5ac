"""From the text of a FetchXML query to its model; what is not known is refused with 501."""

from collections.abc import Iterator, Mapping
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from emulator.errors import Unsupported
from emulator.query.fetchxml.elements import check, flag, needed, number
from emulator.query.fetchxml.faults import bad_fetch, too_many_links
from emulator.query.fetchxml.filters import parse_filter
from emulator.query.fetchxml.model import (
    FILTER_LINKS,
    JOINS,
    SEMI_LINKS,
    Attribute,
    Entity,
    Fetch,
    Link,
    Order,
)

MOST_LINKS = 15
_MOST_LEVELS = 40
_KINDS = {"natural": "inner"}
_FETCH = (
    "aggregate distinct top count page paging-cookie returntotalrecordcount aggregatelimit "
    # These change nothing about the rows.
    "version mapping output-format no-lock useraworderby options latematerialize"
)
_LINK = "name from to alias link-type intersect visible enableprefiltering prefilterparametername"


def parse_fetch(text: str) -> Fetch:
    """The query; 400 for XML that is none or lacks something, 501 for what is not known."""
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise bad_fetch(str(error)) from error
    if root.tag != "fetch":
        raise bad_fetch(f"The root element is '{root.tag}'.")
    check(root, _FETCH, "entity")
    entities = root.findall("entity")
    if len(entities) != 1:
        raise bad_fetch("A fetch element has exactly one entity.")
    if _is_too_deep(root):
        raise bad_fetch("It is nested too deeply.")
    if sum(1 for _ in root.iter("link-entity")) > MOST_LINKS:
        raise too_many_links()
    check(entities[0], "name enableprefiltering prefilterparametername", _INSIDE)
    return _fetch(root.attrib, _Links().entity(entities[0], bare=None))


def _is_too_deep(root: Element) -> bool:
    level = [root]
    for _ in range(_MOST_LEVELS):
        level = [child for element in level for child in element]
    return bool(level)


def _fetch(given: Mapping[str, str], entity: Entity) -> Fetch:
    top, count = number(given, "top"), number(given, "count")
    page = number(given, "page") or 1
    if top is not None and (count is not None or page > 1):
        raise bad_fetch("The top attribute can't be specified with paging attributes.")
    return Fetch(
        entity=entity,
        aggregate=flag(given, "aggregate"),
        distinct=flag(given, "distinct"),
        top=top,
        count=count,
        page=page,
        cookie=given.get("paging-cookie") or None,
        total=flag(given, "returntotalrecordcount"),
        limit=number(given, "aggregatelimit"),
    )


_INSIDE = "attribute all-attributes no-attrs order filter link-entity"


class _Links:
    """Reads entities; links without an alias are numbered in the order of the text."""

    def __init__(self) -> None:
        self._count = 0

    def entity(self, element: Element, bare: tuple[Attribute, ...] | None) -> Entity:
        """An entity; ``bare`` are its attributes when it names none."""
        return Entity(
            name=needed(element, "name"),
            attributes=_attributes(element, bare),
            orders=tuple(_order(item) for item in element.findall("order")),
            filters=tuple(parse_filter(item, self.link) for item in element.findall("filter")),
            links=tuple(self.link(item, inside=False) for item in element.findall("link-entity")),
        )

    def link(self, element: Element, inside: bool) -> Link:
        """A link-entity, ``inside`` a filter or beside one."""
        check(element, _LINK, _INSIDE)
        kind = element.get("link-type", "inner")
        kind = _KINDS.get(kind, kind)
        if kind not in FILTER_LINKS and kind not in SEMI_LINKS and kind not in JOINS:
            raise Unsupported(f"the link-type {kind}")
        if inside != (kind in FILTER_LINKS):
            raise bad_fetch(f"A link-entity of type '{kind}' can't stand here.")
        self._count += 1
        alias = element.get("alias") or f"{needed(element, 'name')}{self._count}"
        entity = self.entity(element, bare=())
        if kind not in JOINS and entity.attributes != ():
            raise bad_fetch(f"A link-entity of type '{kind}' returns no attributes.")
        return Link(entity, needed(element, "from"), needed(element, "to"), kind, alias)


def _attributes(
    element: Element, bare: tuple[Attribute, ...] | None
) -> tuple[Attribute, ...] | None:
    if element.find("all-attributes") is not None:
        return None
    named = tuple(_attribute(item) for item in element.findall("attribute"))
    if element.find("no-attrs") is not None:
        return named
    return named or bare


def _attribute(element: Element) -> Attribute:
    check(element, "name alias aggregate groupby dategrouping distinct usertimezone addedby", "")
    given = element.attrib
    return Attribute(
        name=needed(element, "name"),
        alias=given.get("alias"),
        aggregate=given.get("aggregate"),
        grouped=flag(given, "groupby"),
        part=given.get("dategrouping"),
        distinct=flag(given, "distinct"),
        user_zone=flag(given, "usertimezone", default=True),
    )


def _order(element: Element) -> Order:
    check(element, "attribute alias descending entityname", "")
    given = element.attrib
    if "attribute" not in given and "alias" not in given:
        raise bad_fetch("An order element needs an attribute or an alias.")
    return Order(
        given.get("attribute"),
        given.get("alias"),
        flag(given, "descending"),
        given.get("entityname"),
    )


def joined_links(entity: Entity) -> Iterator[Link]:
    """The joined links of an entity and of those inside it, in the order of the text."""
    for link in entity.links:
        if link.kind in JOINS:
            yield link
            yield from joined_links(link.entity)
