"""What a key of a rule document may hold, read off the type hints of its node.

Reading a document, naming the keys that are known at a place and the schema for editors all go by
these few kinds, so they cannot differ.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from msgspec import Struct
from msgspec.structs import fields

Refusal = tuple[tuple[Any, ...], str]
"""The steps below a value at which it is wrong, and what is wrong."""


class Told(Struct, frozen=True):
    """Marks a union: ``member`` says which of its types a value means; where it means none (None),
    ``refusal`` tells why."""

    member: Callable[[Any], Any]
    refusal: Callable[[Any], Refusal] | None = None


class Words(Struct, frozen=True):
    """One of some words."""

    words: tuple[str, ...]


class Scalars(Struct, frozen=True):
    """A value of one of these types, or null where NoneType is among them."""

    types: tuple[type, ...]


class Written(Struct, frozen=True):
    """The text of an expression; YAML reads ``if: true`` and ``expression: 1`` as scalars, but
    they are formulas all the same."""


class Nullable(Struct, frozen=True):
    """Null, or something else."""

    kind: Kind


class Items(Struct, frozen=True):
    """A list of at least ``least`` items."""

    item: Kind
    least: int = 0


class Pair(Struct, frozen=True):
    """A list of just two items."""

    item: Kind


class Map(Struct, frozen=True):
    """A map of names that the author chose. ``texts``: its keys are text."""

    item: Kind
    texts: bool


class Branch(Struct, frozen=True):
    """A node: a map of known keys."""

    node: type[Struct]


class Choice(Struct, frozen=True):
    """One of several kinds; which one is told by the value."""

    told: Told
    members: tuple[Kind, ...]


class Anything(Struct, frozen=True):
    """What is looked at elsewhere."""


Kind = Words | Scalars | Written | Nullable | Items | Pair | Map | Branch | Choice | Anything


class Key(Struct, frozen=True):
    """A key of a node; ``name`` is its field's."""

    name: str
    kind: Kind
    required: bool


NOT_EMPTY = "not empty"
"""Marks a list of at least one item."""
Formula = Annotated[str, Written()]
"""The text of an expression (section 3.3)."""
SCALARS = frozenset({bool, Decimal, str, NoneType})


@cache
def keys_of(node: type[Struct]) -> Mapping[str, Key]:
    """The keys of a node as a document writes them."""
    return {
        each.encode_name: Key(each.name, kind_of(each.type), each.required) for each in fields(node)
    }


@cache
def kind_of(hint: Any) -> Kind:
    """What a type hint of a node lets a document write."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _marked(arguments[0], arguments[1])
    if origin is Literal:
        return Words(arguments)
    if origin in (Union, UnionType):
        return _union(arguments)
    if origin is tuple:
        item = kind_of(arguments[0])
        return Items(item) if arguments[1] is ... else Pair(item)
    if origin is not None:
        return Map(kind_of(arguments[1]), arguments[0] is str)
    if hint in SCALARS:
        return Scalars((hint,))
    return Anything() if hint is Any else Branch(hint)


def _marked(hint: Any, mark: Any) -> Kind:
    if isinstance(mark, Written):
        return mark
    if isinstance(mark, Told):
        return Choice(mark, tuple(kind_of(member) for member in get_args(hint)))
    assert mark is NOT_EMPTY
    return Items(kind_of(get_args(hint)[0]), least=1)


def _union(members: tuple[Any, ...]) -> Kind:
    """Scalars of several types, or something that may also be null."""
    if SCALARS.issuperset(members):
        return Scalars(members)
    (inner,) = (member for member in members if member is not NoneType)
    return Nullable(kind_of(inner))
