"""A SELECT statement as data. All names are in lower case but those of the answer."""

from typing import TypeAlias

from msgspec import Struct


class Name(Struct, frozen=True):
    """A column, of the table under an alias or of the first table."""

    column: str
    table: str | None = None


class Item(Struct, frozen=True):
    """What is selected; ``function`` over all rows (``COUNT(*)``) has no ``name``."""

    name: Name | None
    alias: str | None = None
    function: str | None = None
    distinct: bool = False


class Join(Struct, frozen=True):
    """A joined table under its alias, ``kind`` inner or outer, and the two equal columns."""

    table: str
    alias: str
    kind: str
    left: Name
    right: Name


class Predicate(Struct, frozen=True):
    """A column, a condition operator of FetchXML and its values."""

    name: Name
    operator: str
    values: tuple[str, ...] = ()


class Group(Struct, frozen=True):
    """Conditions of which all, or (``either``) one must hold."""

    parts: tuple["Predicate | Group", ...]
    either: bool = False


Condition: TypeAlias = Predicate | Group


class Order(Struct, frozen=True):
    """A column or an alias to sort by."""

    name: Name
    descending: bool = False


class Select(Struct, frozen=True):
    """The statement. ``size`` is of TOP or FETCH NEXT, ``skipped`` of OFFSET."""

    items: tuple[Item, ...]
    table: str
    alias: str
    joins: tuple[Join, ...] = ()
    where: Condition | None = None
    groups: tuple[Name, ...] = ()
    orders: tuple[Order, ...] = ()
    distinct: bool = False
    size: int | None = None
    skipped: int = 0
