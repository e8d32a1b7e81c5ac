"""A FetchXML query as data, named as in the XML."""

from dataclasses import dataclass

FILTER_LINKS = frozenset({"any", "not any", "all", "not all"})
SEMI_LINKS = frozenset({"exists", "in"})
JOINS = {"inner": "JOIN", "outer": "LEFT JOIN"}


@dataclass(frozen=True, slots=True)
class Attribute:
    """A column to return; ``aggregate`` is a function's name, ``part`` a date grouping."""

    name: str
    alias: str | None = None
    aggregate: str | None = None
    grouped: bool = False
    part: str | None = None
    distinct: bool = False
    user_zone: bool = True


@dataclass(frozen=True, slots=True)
class Condition:
    """``other`` is the column of ``valueof``, ``entity`` the alias of ``entityname``."""

    attribute: str
    operator: str
    values: tuple[str, ...] = ()
    entity: str | None = None
    other: str | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    """Conditions, filters and links of the filter kind, all or (``either``) one of which hold."""

    parts: tuple["Condition | Filter | Link", ...]
    either: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """By a column (of ``entity``, where named) or by an alias."""

    attribute: str | None = None
    alias: str | None = None
    descending: bool = False
    entity: str | None = None


@dataclass(frozen=True, slots=True)
class Entity:
    """What an entity and a link-entity have in common; ``attributes`` None means all."""

    name: str
    attributes: tuple[Attribute, ...] | None = ()
    orders: tuple[Order, ...] = ()
    filters: tuple[Filter, ...] = ()
    links: tuple["Link", ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """A joined entity: its column ``own`` equals the column ``to`` of the one around it."""

    entity: Entity
    own: str
    to: str
    kind: str
    alias: str


@dataclass(frozen=True, slots=True)
class Fetch:
    """The whole query. ``cookie`` is the decoded paging cookie."""

    entity: Entity
    aggregate: bool = False
    distinct: bool = False
    top: int | None = None
    count: int | None = None
    page: int = 1
    cookie: str | None = None
    total: bool = False
    limit: int | None = None
