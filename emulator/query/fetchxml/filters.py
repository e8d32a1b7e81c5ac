"""The filter elements of a FetchXML query."""

from collections.abc import Callable
from xml.etree.ElementTree import Element

from emulator.query.fetchxml.elements import check, needed
from emulator.query.fetchxml.faults import bad_fetch
from emulator.query.fetchxml.model import Condition, Filter, Link

ReadLink = Callable[[Element, bool], Link]


def parse_filter(element: Element, read_link: ReadLink) -> Filter:
    """A filter with everything inside it."""
    check(
        element,
        "type hint isquickfindfields overridequickfindrecordlimitenabled",
        "condition filter link-entity",
    )
    kind = element.get("type", "and")
    if kind not in ("and", "or"):
        raise bad_fetch(f"A filter is of type 'and' or 'or', not '{kind}'.")
    return Filter(tuple(_part(child, read_link) for child in element), kind == "or")


def _part(element: Element, read_link: ReadLink) -> Condition | Filter | Link:
    if element.tag == "filter":
        return parse_filter(element, read_link)
    return _condition(element) if element.tag == "condition" else read_link(element, True)


def _condition(element: Element) -> Condition:
    check(
        element,
        "attribute operator value valueof entityname uiname uitype uihidden alias",
        "value",
    )
    single = element.get("value")
    values = tuple(child.text or "" for child in element)
    return Condition(
        attribute=needed(element, "attribute"),
        operator=needed(element, "operator"),
        values=values if single is None else (single, *values),
        entity=element.get("entityname"),
        other=element.get("valueof"),
    )
