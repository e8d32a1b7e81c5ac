"""A part of a document against what may stand there, every mistake noted and reading going on.

A value that was refused reads as None; whoever asked sees the problems and throws all away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, TypeVar

from msgspec import Struct

from gradesys.errors import Problem
from gradesys.rules.complaints import expected, unknown_key, wrong_type, wrong_word
from gradesys.rules.composing import Path
from gradesys.rules.kinds import (
    Anything,
    Branch,
    Choice,
    Items,
    Kind,
    Map,
    Nullable,
    Pair,
    Scalars,
    Words,
    Written,
    keys_of,
    kind_of,
)

N = TypeVar("N", bound=Struct)
Problems = list[Problem]


def read(kind: Kind, value: Any, path: Path, problems: Problems) -> Any:
    """The value as its kind keeps it."""
    return _READERS[type(kind)](kind, value, path, problems)


def read_node(node: type[N], value: Any, path: Path, problems: Problems) -> N | None:
    """A node of this type: complaints about its keys in their order, then about strange ones."""
    if not isinstance(value, dict):
        _refuse(problems, path, expected("a map", value))
        return None
    keys, values = keys_of(node), dict[str, Any]()
    strange = {key: unknown_key(key, keys) for key in value if key not in keys}
    for name, key in keys.items():
        if name in value:
            values[key.name] = read(key.kind, value[name], (*path, name), problems)
        elif key.required and not _is_misspelt(name, strange.values()):
            _refuse(problems, (*path, name), f"missing key '{name}'")
    for name, complaint in strange.items():
        text = isinstance(name, str)
        _refuse(problems, (*path, name), complaint if text else "a key here must be text")
    return None if problems else node(**values)


def _is_misspelt(name: str, complaints: Iterable[str]) -> bool:
    """Whether a key that is missing stands there in other letters, which is told already."""
    return any(complaint.endswith(f"; did you mean '{name}'?") for complaint in complaints)


def _refuse(problems: Problems, path: Path, message: str) -> Any:
    problems.append(Problem(path, message))


def _scalar(kind: Scalars, value: Any, path: Path, problems: Problems) -> Any:
    if type(value) in kind.types:
        return value
    return _refuse(problems, path, wrong_type(kind.types, value))


def _word(kind: Words, value: Any, path: Path, problems: Problems) -> Any:
    if value in kind.words:
        return value
    return _refuse(problems, path, wrong_word(kind.words, value))


def _written(kind: Written, value: Any, path: Path, problems: Problems) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return format(value, "f")
    return value if isinstance(value, str) else _refuse(problems, path, expected("text", value))


def _nullable(kind: Nullable, value: Any, path: Path, problems: Problems) -> Any:
    return None if value is None else read(kind.kind, value, path, problems)


def _items(kind: Items, value: Any, path: Path, problems: Problems) -> Any:
    if not isinstance(value, list | tuple):
        return _refuse(problems, path, expected("a list", value))
    if len(value) < kind.least:
        return _refuse(problems, path, f"at least {kind.least} entry")
    return tuple(
        read(kind.item, item, (*path, index), problems) for index, item in enumerate(value)
    )


def _pair(kind: Pair, value: Any, path: Path, problems: Problems) -> Any:
    if isinstance(value, list | tuple) and len(value) > 2:
        return _refuse(problems, path, f"at most 2 entries, got {len(value)}")
    items = _items(Items(kind.item), value, path, problems)
    for index in range(2 if items is None else len(items), 2):
        _refuse(problems, (*path, index), f"missing key '{index}'")
    return items


def _map(kind: Map, value: Any, path: Path, problems: Problems) -> Any:
    if not isinstance(value, dict):
        return _refuse(problems, path, expected("a map", value))
    found = {}
    for key, item in value.items():
        if kind.texts and not isinstance(key, str):
            _refuse(problems, (*path, key), "a key here must be text")
        else:
            found[key] = read(kind.item, item, (*path, key), problems)
    return found


def _branch(kind: Branch, value: Any, path: Path, problems: Problems) -> Any:
    return read_node(kind.node, value, path, problems)


def _choice(kind: Choice, value: Any, path: Path, problems: Problems) -> Any:
    member = kind.told.member(value)
    if member is not None:
        return read(kind_of(member), value, path, problems)
    assert kind.told.refusal is not None
    steps, message = kind.told.refusal(value)
    return _refuse(problems, (*path, *steps), message)


def _anything(kind: Anything, value: Any, path: Path, problems: Problems) -> Any:
    return value


_READERS: dict[type, Callable[[Any, Any, Path, Problems], Any]] = {
    Words: _word,
    Scalars: _scalar,
    Written: _written,
    Nullable: _nullable,
    Items: _items,
    Pair: _pair,
    Map: _map,
    Branch: _branch,
    Choice: _choice,
    Anything: _anything,
}
