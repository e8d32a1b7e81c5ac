"""From the files as written to one model's data: `extends` by pack id, then `$name` (rules.md 2).

The result still knows where each of its keys was written, be it the file itself or a pack.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from msgspec import Struct

from gradesys.errors import Problem, RuleError
from gradesys.rules.composing import Path
from gradesys.rules.document import Document
from gradesys.rules.keys import Flag
from gradesys.rules.merging import merge
from gradesys.rules.nearest import nearest


class Placed(Protocol):
    """Data whose keys have a place in a file."""

    @property
    def data(self) -> Any: ...

    def place(self, path: Path = ()) -> str:
        """``file:line:column`` of a path in the data, or of its nearest parent."""


class Part(Struct, frozen=True):
    """A subtree of a document, such as the `model` of a case file."""

    whole: Placed
    at: Path

    @property
    def data(self) -> Any:
        data = self.whole.data
        for step in self.at:
            data = data[step]
        return data

    def place(self, path: Path = ()) -> str:
        return self.whole.place((*self.at, *path))


class Layered(Struct, frozen=True):
    """Merged data and the layers that it came from, the uppermost first."""

    data: Any
    layers: tuple[Placed, ...]

    def place(self, path: Path = ()) -> str:
        """Where the uppermost layer that has most of this path wrote it."""
        return max(self.layers, key=lambda layer: _steps_known(layer.data, path)).place(path)


def over(base: Placed, top: Placed, at: Path = ()) -> Layered:
    """One document merged over another (15.8)."""
    return Layered(merge(base.data, top.data, at), (top, base))


def with_base(document: Placed, packs: Mapping[str, Document]) -> Placed:
    """The document merged over the packs that it extends, directly or through others.

    RuleError: an unknown pack, a circle of packs.
    """
    layers, seen = [document], list[str]()
    while (pack := _extended(layers[-1].data)) is not None:
        if pack not in packs or pack in seen:
            unknown = f"no such pack '{pack}'{nearest(pack, packs)}"
            why = f"'{pack}' extends itself" if pack in seen else unknown
            raise RuleError((_at(layers[-1], ("extends",), why),))
        seen.append(pack)
        layers.append(packs[pack])
    if len(layers) == 1:
        return document
    data: Any = {}
    for layer in reversed(layers):
        data = merge(_without(data, "id"), _without(layer.data, "extends"))
    return Layered(data, tuple(layers))


def with_params(document: Placed) -> tuple[Any, tuple[Problem, ...]]:
    """The data with every `$name` replaced by its param; unknown names and circles stay."""
    data = document.data
    params = data.get("params") if isinstance(data, dict) else None
    replacing = _Replacing(params if isinstance(params, dict) else {}, document, [])
    return replacing.inside(data, ()), tuple(replacing.problems)


_REPLACED = frozenset({dict, list, str})
"""What may hold the name of a param."""


class _Replacing(Struct, frozen=True):
    params: Mapping[Any, Any]
    document: Placed
    problems: list[Problem]

    def inside(self, data: Any, path: Path) -> Any:
        if type(data) is dict:
            return self._map(data, path)
        if type(data) is list:
            return [
                self.inside(item, (*path, index)) if type(item) in _REPLACED else item
                for index, item in enumerate(data)
            ]
        return self._scalar(data, path)

    def _map(self, data: Mapping[Any, Any], path: Path) -> dict[Any, Any]:
        replaced: dict[Any, Any] = {}
        for key, value in data.items():
            new = key
            if type(key) is str and key[:1] == "$":
                new = self._scalar(key, (*path, key))
                new = Flag.of(new) if isinstance(new, bool) else new
            if new is None or new in replaced:
                why = "is null" if new is None else f"gives the key '{new}' twice"
                self._complain((*path, key), f"{key} {why}")
            is_told = type(value) in _REPLACED
            replaced[new] = self.inside(value, (*path, key)) if is_told else value
        return replaced

    def _scalar(self, value: Any, path: Path) -> Any:
        if type(value) is str and value[:1] != "$":
            return value
        chain: list[str] = []
        while isinstance(value, str) and value[:1] == "$" and (name := self._name(value)):
            if name not in self.params or name in chain:
                unknown = f"no such param{nearest(name, map(str, self.params))}"
                why = "a circle of params" if name in chain else unknown
                self._complain(path, f"${name}: {why}")
                return value
            chain.append(name)
            value = self.params[name]
        return value

    def _name(self, text: str) -> str:
        name = text[1:]
        return name if name in self.params or name.isidentifier() else ""

    def _complain(self, path: Path, message: str) -> None:
        self.problems.append(_at(self.document, path, message))


def _extended(data: Any) -> str | None:
    pack = data.get("extends") if isinstance(data, dict) else None
    return None if pack is None else str(pack)


def _at(document: Placed, path: Path, message: str) -> Problem:
    return Problem(path, message, document.place(path))


def _without(data: Any, key: str) -> Any:
    if not isinstance(data, dict):
        return data
    return {name: value for name, value in data.items() if name != key}


def _steps_known(data: Any, path: Path) -> int:
    for count, step in enumerate(path):
        known = step in data if isinstance(data, dict) else _has_item(data, step)
        if not known:
            return count
        data = data[step]
    return len(path)


def _has_item(data: Any, step: Any) -> bool:
    return isinstance(data, list) and isinstance(step, int) and step < len(data)
