"""How a value is refused, in the words of a rule file: one line, and the nearest valid name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from types import NoneType
from typing import Any

from gradesys.rules.nearest import nearest

_TYPES: Mapping[tuple[type, ...], str] = {
    (str,): "text",
    (Decimal,): "a number",
    (bool,): "true or false",
    (str, Decimal): "text or a number",
    (bool, Decimal, str): "a number, text, true or false",
}


def expected(what: str, value: Any) -> str:
    """Something else is needed here."""
    return f"expected {what}, got {shown(value)}"


def wrong_type(types: Iterable[type], value: Any) -> str:
    """A scalar of another type is needed here."""
    return expected(_TYPES[tuple(each for each in types if each is not NoneType)], value)


def wrong_word(words: Iterable[str], value: Any) -> str:
    """One of some words is needed here."""
    *others, last = map(repr, words)
    either = f"{', '.join(others)} or {last}" if others else last
    return expected(either, value) + known_near(value, words)


def unknown_key(key: Any, known: Iterable[str]) -> str:
    """A node has no such key."""
    return f"unknown key '{key}'{known_near(key, known)}"


def known_near(name: object, known: Iterable[str]) -> str:
    """The nearest valid name; where none is near, the valid ones."""
    known = sorted(known)
    return nearest(str(name), known) or f"; known here: {', '.join(known)}"


def near_first_key(value: Any, known: Iterable[str]) -> str:
    """What the first key of a map may have been meant to be."""
    return nearest(str(next(iter(value), "")), known) if isinstance(value, Mapping) else ""


def shown(value: Any) -> str:
    """A value in a complaint."""
    names: dict[type, str] = {dict: "a map", list: "a list", bool: str(value).lower()}
    if value is None:
        return "nothing"
    return names.get(type(value)) or (f"'{value}'" if isinstance(value, str) else str(value))
