"""Reading attributes of FetchXML's elements, strictly."""

from collections.abc import Mapping
from xml.etree.ElementTree import Element

from emulator.errors import Unsupported
from emulator.query.fetchxml.faults import bad_fetch

_FLAGS = {"true": True, "1": True, "false": False, "0": False}


def check(element: Element, attributes: str, children: str) -> None:
    """501 for an attribute or a child element that is not among those given."""
    for name in element.attrib:
        if name not in attributes.split():
            raise Unsupported(f"the FetchXML attribute {element.tag}/@{name}")
    for child in element:
        if child.tag not in children.split():
            raise Unsupported(f"the FetchXML element {element.tag}/{child.tag}")


def needed(element: Element, name: str) -> str:
    value = element.get(name)
    if not value:
        raise bad_fetch(f"The element '{element.tag}' needs the attribute '{name}'.")
    return value


def flag(given: Mapping[str, str], name: str, *, default: bool = False) -> bool:
    if name not in given:
        return default
    if given[name] not in _FLAGS:
        raise bad_fetch(f"The attribute '{name}' is true or false, not '{given[name]}'.")
    return _FLAGS[given[name]]


def number(given: Mapping[str, str], name: str) -> int | None:
    """A positive whole number, None without the attribute."""
    if name not in given:
        return None
    if not given[name].isdecimal() or int(given[name]) == 0:
        raise bad_fetch(f"The attribute '{name}' is a positive number, not '{given[name]}'.")
    return int(given[name])
