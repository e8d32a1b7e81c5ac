"""The words that every layer shares: rows, reads, changes, events and the shape of tables.

All of it is frozen data without behaviour of its own, so that rules know no HTTP and the Dataverse
layer knows no grades: they meet here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from msgspec import Struct, field

from gradesys.span import WHOLE, Span


class Ref(NamedTuple):
    """A lookup's value: the table it points to and the row's id, both lower case."""

    table: str
    id: str


Value = bool | Decimal | str | date | datetime | Ref | None
"""A cell. ``date`` is date-only, an aware ``datetime`` (UTC) an instant, a naive one is a
time-zone-independent value; numbers and choices are Decimal; ids and text are str."""

Row = Mapping[str, Value]
"""A row by logical column name. A dotted name (``customerid.gs_score``) is a parent's column."""


class Kind(StrEnum):
    """What a column holds (Dataverse attribute types, folded to what rules can tell apart)."""

    ID = "id"
    LOOKUP = "lookup"
    TEXT = "text"
    MEMO = "memo"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DOUBLE = "double"
    MONEY = "money"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    DATE = "date"
    INSTANT = "instant"
    LOCAL = "local"
    OTHER = "other"


NUMBERS = frozenset({Kind.INTEGER, Kind.DECIMAL, Kind.DOUBLE, Kind.MONEY, Kind.CHOICE})
DATES = frozenset({Kind.DATE, Kind.INSTANT, Kind.LOCAL})
TEXTS = frozenset({Kind.TEXT, Kind.MEMO})


class Option(Struct, frozen=True):
    """One option of a choice column; labels by language code (1033, 1065)."""

    value: int
    labels: Mapping[int, str]


class Column(Struct, frozen=True):
    """A column as metadata tells it. ``places`` are decimal places of a number column."""

    name: str
    kind: Kind
    targets: tuple[str, ...] = ()
    places: int | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    length: int | None = None
    options: tuple[Option, ...] = ()
    stored: bool = True
    """False for rollup and calculated columns, whose changes raise no events."""


class ManyToMany(Struct, frozen=True):
    """A relationship between many: its schema name in lower case, the table of its links, and for
    each end the table and the column of the links that holds its id."""

    name: str
    intersect: str
    ends: tuple[tuple[str, str], tuple[str, str]]


ACTIVITY = "activitypointer"
"""The table that shows the rows of every activity."""


class Table(Struct, frozen=True):
    """A table as metadata tells it. ``navigations``: (lookup column, target table) -> property."""

    name: str
    entity_set: str
    id_column: str
    columns: Mapping[str, Column]
    navigations: Mapping[tuple[str, str], str] = field(default_factory=dict)
    many: tuple[ManyToMany, ...] = ()
    bulk_update: bool = True
    """False where the org offers no UpdateMultiple for this table."""
    activities: tuple[str, ...] = ()
    """Of the base table of activities: the tables whose rows it shows, which raise its events."""


Schema = Mapping[str, Table]


class Compare(Struct, frozen=True):
    """One condition of a narrowing, two-valued: ``ne`` and ``not_in`` are true for null.

    ``op``: eq ne gt ge lt le in not_in null not_null. A Decimal, bool, date, datetime, Ref or id
    text as operand; a tuple of them for ``in``/``not_in``; None for ``null``/``not_null``.
    """

    column: str
    op: str
    operand: Value | tuple[Value, ...] = None


class AllOf(Struct, frozen=True):
    """True when every part is; no parts: true."""

    parts: tuple[Narrowing, ...]


class AnyOf(Struct, frozen=True):
    """True when one part is; no parts: false."""

    parts: tuple[Narrowing, ...]


Narrowing = Compare | AllOf | AnyOf


class Link(Struct, frozen=True):
    """One step towards the scored record: to rows of ``table`` whose ``far`` is our ``near``."""

    near: str
    table: str
    far: str


class Below(Struct, frozen=True):
    """Scored records stand for their descendants too: those whose ``lookup`` leads to them in at
    most ``depth`` steps (None: any number)."""

    lookup: str
    depth: int | None = None


class Figure(NamedTuple):
    """Something to compute over a column: ``op`` is sum, min, max or count (not of nulls)."""

    op: str
    column: str


class Read(Struct, frozen=True, eq=False):
    """Rows of one table that some record's score needs.

    ``key`` is the column that leads to the scored record: the primary key of ``target`` when
    ``table`` is the scored table itself, otherwise a lookup; after ``way``, of its last table.
    ``columns`` always include the primary key and, without ``way``, ``key``; dotted ones are
    answered by the store from the parent row (null when broken). ``where``, ``way`` and ``below``
    may only leave out rows that cannot matter; the rules apply filters and follow links again.
    ``figures``: what may be told of a record instead of the rows that ``where`` leaves; it names no
    parent's column then. None: rows only. ``cells``: columns without which nobody can do, where
    most will not look at whole rows; None: all. ``spelled``: numbers among these that may stay as
    they are spelled. In what form an answer may come makes no other read.
    """

    table: str
    columns: tuple[str, ...]
    key: str
    target: str
    where: Narrowing = AllOf(())
    way: tuple[Link, ...] = ()
    below: Below | None = None
    figures: tuple[Figure, ...] | None = None
    cells: frozenset[str] | None = None
    spelled: frozenset[str] = frozenset()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Read) and _asked(self) == _asked(other)

    def __hash__(self) -> int:
        return hash(_asked(self))


def _asked(read: Read) -> tuple[object, ...]:
    return (read.table, read.columns, read.key, read.target, read.where, read.way, read.below)


class Scope(Struct, frozen=True):
    """Which records of a table: the given ids, or all of them (``ids`` None) within a span."""

    table: str
    ids: tuple[str, ...] | None = None
    span: Span = WHOLE


class Plan(Struct, frozen=True):
    """Everything that must be read to score a scope."""

    reads: tuple[Read, ...]
    scope: Scope


class Partial(Struct, frozen=True):
    """All ``rows`` of one record as figures: null where no row has a value."""

    id: str
    rows: int
    figures: Mapping[Figure, Value]


class Amounts(NamedTuple):
    """Numbers and nulls: whole numbers of a unit with so many decimal ``places``; None: as they
    are."""

    numbers: Sequence[Any]
    places: int | None = None


class Typed(Struct, frozen=True):
    """The rows of a page as they came off the wire, for whoever reads millions of them: attribute
    ``c0`` of each object holds the first of the read's columns, and so on, for those among the
    read's ``cells``. There whole numbers and choices are int, ids may have capitals, instants any
    offset, and a lookup is the id alone; the table it points to is in ``t0`` and so on, where
    several are possible. ``row`` makes a Row. ``amounts`` makes numbers of the cells of a column,
    for those that are spelled as they came."""

    objects: Sequence[Any]
    row: Callable[[Any], Row]
    amounts: Mapping[str, Callable[[Sequence[Any]], Amounts]] = field(default_factory=dict)


class Page(Struct, frozen=True, eq=False):
    """Some rows that answer one read; pages of different reads may come in any order. A record
    comes as rows or as a partial, never as both. ``typed``: the same rows, where a store has them
    so."""

    read: Read
    rows: Sequence[Row]
    partials: tuple[Partial, ...] = ()
    typed: Typed | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Page) and _told(self) == _told(other)


def _told(page: Page) -> tuple[object, ...]:
    return page.read, page.rows, page.partials


class KeyKind(StrEnum):
    """What a mark asks for (architecture section 4); ``run`` is a press of the button, ``event`` a
    change that came before the rules that may want it."""

    TARGET = "target"
    RESOLVE = "resolve"
    EXPAND = "expand"
    RUN = "run"
    PARTITION = "partition"
    EVENT = "event"


class Key(Struct, frozen=True):
    """A dirty key. ``via`` of an expand key tells the steps from this row (rules/routes.py)."""

    kind: KeyKind
    table: str
    id: str
    via: str = ""


class Event(Struct, frozen=True):
    """A hint from Dataverse that some keys may be stale; its values are never used for a score.

    ``before``/``after`` hold only lookups (None: unknown, which is not «empty»); ``changed`` holds
    the columns named by an Update (None: unknown). ``parameters`` belong to a Custom API.
    """

    message: str
    table: str
    id: str
    organization: str
    before: Mapping[str, Ref | None] | None = None
    after: Mapping[str, Ref | None] | None = None
    changed: frozenset[str] | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    truncated: bool = False
