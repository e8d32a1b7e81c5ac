"""A SELECT statement as data. All names are in lower case but those of the answer."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Name:
    """A column, of the table under an alias or of the first table."""

    column: str
    table: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """What is selected; ``function`` over all rows (``COUNT(*)``) has no ``name``."""

    name: Name | None
    alias: str | None = None
    function: str | None = None
    distinct: bool = False


@dataclass(frozen=True, slots=True)
class Join:
    """A joined table under its alias, ``kind`` inner or outer, and the two equal columns."""

    table: str
    alias: str
    kind: str
    left: Name
    right: Name


@dataclass(frozen=True, slots=True)
class Predicate:
    """A column, a condition operator of FetchXML and its values."""

    name: Name
    operator: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions of which all, or (``either``) one must hold."""

    parts: tuple["Predicate | Group", ...]
    either: bool = False


Condition: TypeAlias = Predicate | Group


@dataclass(frozen=True, slots=True)
class Order:
    """A column or an alias to sort by."""

    name: Name
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Select:
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
