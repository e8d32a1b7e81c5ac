"""A FetchXML query as data, named as in the XML."""

from msgspec import Struct

FILTER_LINKS = frozenset({"any", "not any", "all", "not all"})
SEMI_LINKS = frozenset({"exists", "in"})
JOINS = {"inner": "JOIN", "outer": "LEFT JOIN"}


class Attribute(Struct, frozen=True):
    """A column to return; ``aggregate`` is a function's name, ``part`` a date grouping."""

    name: str
    alias: str | None = None
    aggregate: str | None = None
    grouped: bool = False
    part: str | None = None
    distinct: bool = False
    user_zone: bool = True


class Condition(Struct, frozen=True):
    """``other`` is the column of ``valueof``, ``entity`` the alias of ``entityname``."""

    attribute: str
    operator: str
    values: tuple[str, ...] = ()
    entity: str | None = None
    other: str | None = None


class Filter(Struct, frozen=True):
    """Conditions, filters and links of the filter kind, all or (``either``) one of which hold."""

    parts: tuple["Condition | Filter | Link", ...]
    either: bool = False


class Order(Struct, frozen=True):
    """By a column (of ``entity``, where named) or by an alias."""

    attribute: str | None = None
    alias: str | None = None
    descending: bool = False
    entity: str | None = None


class Entity(Struct, frozen=True):
    """What an entity and a link-entity have in common; ``attributes`` None means all."""

    name: str
    attributes: tuple[Attribute, ...] | None = ()
    orders: tuple[Order, ...] = ()
    filters: tuple[Filter, ...] = ()
    links: tuple["Link", ...] = ()


class Link(Struct, frozen=True):
    """A joined entity: its column ``own`` equals the column ``to`` of the one around it."""

    entity: Entity
    own: str
    to: str
    kind: str
    alias: str


class Fetch(Struct, frozen=True):
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
