"""Tables, columns, choices and relationships: what the organisation knows about itself.

``Definitions`` is an immutable snapshot; a customization makes a new one. The starting point is
``metadata.json`` beside this file; later changes are kept in the organisation's database.
"""

from collections.abc import Iterable
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TypeAlias

import msgspec
from msgspec import Struct

from emulator.errors import missing_segment

Labels: TypeAlias = dict[int, str]
"""Text by language code, e.g. ``{1033: "Paid", 1065: "..."}``."""

LOOKUPS = frozenset({"Lookup", "Customer", "Owner"})
CHOICES = frozenset({"Picklist", "State", "Status", "Boolean"})


class Option(msgspec.Struct, frozen=True, omit_defaults=True):
    """One value of a choice. ``state`` only on statuses, ``default_status`` only on states."""

    value: int
    labels: Labels
    state: int | None = None
    default_status: int | None = None
    color: str | None = None


class Choice(msgspec.Struct, frozen=True, omit_defaults=True):
    """An option set: local to a column, or global under its name.

    ``kind`` is the OptionSetType of the Web API; of a Boolean the options are false, true.
    """

    name: str
    id: str
    kind: str = "Picklist"
    options: tuple[Option, ...] = ()
    is_global: bool = False
    labels: Labels = {}
    description: Labels = {}

    def option(self, value: int) -> Option | None:
        return self._by_value.get(value)

    @property
    def _by_value(self) -> dict[int, Option]:
        return {option.value: option for option in self.options}


class Column(msgspec.Struct, frozen=True, omit_defaults=True):
    """One column. ``kind`` is its AttributeType; ``targets`` only on lookups.

    ``choice`` is a local option set, ``global_choice`` the name of a global one.
    ``format`` is ``DateOnly`` or ``DateAndTime`` on date-times, ``behavior`` its behaviour.
    ``secured``: only who has a field security profile for it reads and writes it.
    """

    name: str
    schema_name: str
    kind: str
    id: str
    labels: Labels = {}
    description: Labels = {}
    required: str = "None"
    creatable: bool = True
    updatable: bool = True
    readable: bool = True
    primary_id: bool = False
    primary_name: bool = False
    custom: bool = False
    secured: bool = False
    max_length: int | None = None
    precision: int | None = None
    precision_source: int | None = None
    minimum: float | None = None
    maximum: float | None = None
    format: str | None = None
    behavior: str | None = None
    targets: tuple[str, ...] = ()
    choice: Choice | None = None
    global_choice: str | None = None
    default: int | None = None

    @property
    def is_lookup(self) -> bool:
        return self.kind in LOOKUPS

    @property
    def property_name(self) -> str:
        """The name in a row of the Web API: ``_customerid_value`` for lookups."""
        return f"_{self.name}_value" if self.is_lookup else self.name


class Key(msgspec.Struct, frozen=True, omit_defaults=True):
    """An alternate key; ``active`` once its index could be built over the rows there."""

    name: str
    schema_name: str
    id: str
    columns: tuple[str, ...]
    labels: Labels = {}
    active: bool = True


class Table(msgspec.Struct, frozen=True, omit_defaults=True, eq=False):
    """One table with its columns by logical name; compared by identity, so it can be a key."""

    name: str
    schema_name: str
    set_name: str
    id: str
    id_column: str
    name_column: str | None
    columns: dict[str, Column]
    type_code: int = 0
    ownership: str = "UserOwned"
    labels: Labels = {}
    collection_labels: Labels = {}
    description: Labels = {}
    custom: bool = False
    is_activity: bool = False
    has_activities: bool = False
    has_notes: bool = False
    change_tracking: bool = False
    is_intersect: bool = False
    keys: tuple[Key, ...] = ()


class Relationship(msgspec.Struct, frozen=True, omit_defaults=True):
    """A one-to-many relationship: ``parent`` is referenced, ``child`` has the ``lookup`` column.

    ``to_parent`` is the child's single-valued navigation property, ``to_children`` the parent's
    collection. ``on_delete`` is Cascade, RemoveLink or Restrict.
    """

    name: str
    id: str
    parent: str
    child: str
    lookup: str
    to_parent: str
    to_children: str
    on_delete: str = "RemoveLink"
    cascade: dict[str, str] = {}
    custom: bool = False


class ManyToMany(msgspec.Struct, frozen=True, omit_defaults=True):
    """A many-to-many relationship; ``intersect`` is the table of its links.

    Its columns default to the keys' names (``accountid``), its navigation properties to its name;
    of a table with itself to ``accountidone``, ``accountidtwo`` and, for the second, the name
    with ``_referenced``.
    """

    name: str
    id: str
    first: str
    second: str
    intersect: str
    first_column: str = ""
    second_column: str = ""
    to_second: str = ""
    to_first: str = ""
    custom: bool = False

    @property
    def ends(self) -> tuple["End", "End"]:
        """The relationship seen from its first and from its second table."""
        own = self.first == self.second
        first = self.first_column or f"{self.first}id{'one' if own else ''}"
        second = self.second_column or f"{self.second}id{'two' if own else ''}"
        to_first = self.to_first or f"{self.name}{'_referenced' if own else ''}"
        return (
            End(self, self.first, self.to_second or self.name, first, second),
            End(self, self.second, to_first, second, first),
        )


class End(Struct, frozen=True):
    """A many-to-many relationship from one side: ``near`` and ``far`` are intersect columns."""

    relationship: ManyToMany
    table: str
    navigation: str
    near: str
    far: str

    @property
    def target(self) -> str:
        """The table on the other side."""
        item = self.relationship
        return item.second if self.table == item.first else item.first


class Catalogue(msgspec.Struct, frozen=True):
    """The content of ``metadata.json``."""

    tables: list[Table]
    relationships: list[Relationship]
    many_to_many: list[ManyToMany]
    choices: list[Choice] = []


class Definitions:
    """An immutable snapshot of all definitions with the look-ups the Web API needs."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.tables = {table.name: table for table in catalogue.tables}
        self.relationships = {item.name: item for item in catalogue.relationships}
        self.many_to_many = {item.name: item for item in catalogue.many_to_many}
        self.choices = {choice.name: choice for choice in catalogue.choices}

    @cached_property
    def sets(self) -> dict[str, Table]:
        """Tables by entity set name."""
        return {table.set_name: table for table in self.tables.values()}

    @cached_property
    def parents(self) -> dict[tuple[str, str], Relationship]:
        """(child table, single-valued navigation property) -> relationship."""
        return {(item.child, item.to_parent): item for item in self.relationships.values()}

    @cached_property
    def children(self) -> dict[tuple[str, str], Relationship]:
        """(parent table, collection navigation property) -> relationship."""
        return {(item.parent, item.to_children): item for item in self.relationships.values()}

    @cached_property
    def ends(self) -> dict[tuple[str, str], End]:
        """(table, collection navigation property) -> side of a many-to-many relationship."""
        found = [end for item in self.many_to_many.values() for end in item.ends]
        return {(end.table, end.navigation): end for end in found}

    @cached_property
    def properties(self) -> dict[str, dict[str, Column]]:
        """Table -> columns by their property name in the Web API."""
        return {
            table.name: {column.property_name: column for column in table.columns.values()}
            for table in self.tables.values()
        }

    @cached_property
    def navigation_names(self) -> dict[tuple[str, str, str], str]:
        """(child table, lookup, parent table) -> single-valued navigation property."""
        return {
            (item.child, item.lookup, item.parent): item.to_parent
            for item in self.relationships.values()
        }

    def of_set(self, set_name: str) -> Table:
        """The table of an entity set; 404 when there is none."""
        if set_name not in self.sets:
            raise missing_segment(set_name)
        return self.sets[set_name]

    def choice_of(self, column: Column) -> Choice | None:
        """The option set of a column, local or global."""
        if column.global_choice is not None:
            return self.choices[column.global_choice]
        return column.choice

    def referencing(self, parent: str) -> Iterable[Relationship]:
        """The relationships in which this table is the referenced one."""
        return [item for item in self.relationships.values() if item.parent == parent]

    def catalogue(self) -> Catalogue:
        return Catalogue(
            list(self.tables.values()),
            list(self.relationships.values()),
            list(self.many_to_many.values()),
            list(self.choices.values()),
        )


def standard_catalogue() -> Catalogue:
    """The tables every new organisation starts with."""
    return parse_catalogue((Path(__file__).parent / "metadata.json").read_bytes())


@lru_cache(maxsize=4)
def parse_catalogue(text: bytes) -> Catalogue:
    """What ``encode`` wrote. Nobody changes one, so organisations that begin alike share it."""
    return msgspec.json.decode(text, type=Catalogue)


def encode(catalogue: Catalogue) -> bytes:
    """The catalogue as ``parse_catalogue`` reads it."""
    return msgspec.json.encode(catalogue)
