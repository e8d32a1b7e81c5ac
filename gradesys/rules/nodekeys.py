"""Which keys a node of the document may hold, found from a pydantic location.

Needed to name the nearest valid key: pydantic tells only that a key is unknown.
"""

from __future__ import annotations

from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, Tag


def keys_at(node: type[BaseModel], loc: tuple[int | str, ...]) -> tuple[str, ...]:
    """The keys (as written) of the node that ``loc`` leads to from ``node``."""
    kind: Any = node
    for step in loc:
        kind = _inside(kind, step)
    keys: list[str] = []
    for member in _members(kind):
        keys.extend(_fields(_bare(member)))
    return tuple(keys)


def _inside(kind: Any, step: int | str) -> Any:
    members = _members(kind)
    for member in members:
        if step in _tags(member):
            return _bare(member)
    entered = (_entered(_bare(member), step) for member in members)
    return next((found for found in entered if found is not None), None)


def _entered(member: Any, step: int | str) -> Any:
    """A field, the values of a map, the items of a list; None where there is no such field."""
    arguments = get_args(member)
    inside = arguments[-1] if arguments[:1] == (str,) else next(iter(arguments), None)
    return _fields(member).get(str(step), inside)


def _members(kind: Any) -> tuple[Any, ...]:
    kind = kind if _tags(kind) else _bare(kind)
    return get_args(kind) if get_origin(kind) in (Union, UnionType) else (kind,)


def _fields(kind: Any) -> dict[str, Any]:
    if not (isinstance(kind, type) and issubclass(kind, BaseModel)):
        return {}
    return {field.alias or name: field.annotation for name, field in kind.model_fields.items()}


def _bare(kind: Any) -> Any:
    return get_args(kind)[0] if get_origin(kind) is Annotated else kind


def _tags(kind: Any) -> tuple[str, ...]:
    found = get_args(kind)[1:] if get_origin(kind) is Annotated else ()
    return tuple(extra.tag for extra in found if isinstance(extra, Tag))
