"""Case files as `gradesys test` reads them, put before the oracle (13, 15.9)."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.oracle.errors import InputError
from tests.oracle.evaluate import Oracle
from tests.oracle.expecting import differences
from tests.oracle.loading import load_file
from tests.oracle.merging import merge
from tests.oracle.result import Result
from tests.oracle.values import Node
from tests.oracle.world import World

_SOURCES = {"pack", "rules", "model"}
_FILE_KEYS = _SOURCES | {"tables", "lookups", "cases"}
_CASE_KEYS = {
    "name",
    "as_of",
    "record",
    "previous",
    "model",
    "params",
    "tables",
    "cutpoints",
    "working",
    "expect",
    "pack",
}


@dataclass(frozen=True, slots=True)
class Case:
    """One case with all that its file gives it: the merged model and the tables that hold."""

    name: str
    model: dict[str, Node]
    tables: dict[str, Node]
    lookups: dict[str, str]
    asked: dict[str, Node]  # the case's own keys

    def result(self) -> Result:
        """What the oracle says about the case's record."""
        world = World(self.tables, self.lookups)
        world.check()
        oracle = Oracle(self.model, world, self.asked["as_of"], self.asked.get("cutpoints"))
        return oracle.evaluate(self.asked["record"], self.asked.get("previous"))

    def differences(self) -> list[str]:
        """Where the oracle does not meet the case's expectations."""
        return differences(self.asked.get("expect") or {}, self.result())


def read_cases(path: Path, packs: Path) -> Iterator[Case]:
    """The cases of one file; `packs` is the folder where `pack` and `extends` are found by id."""
    yield from build_cases(load_file(path), path.parent, packs)


def build_cases(tree: dict[str, Node], folder: Path, packs: Path) -> Iterator[Case]:
    """The cases of a loaded file; `rules:` is relative to `folder`."""
    _refuse_unknown(tree, _FILE_KEYS)
    for asked in tree["cases"]:
        _refuse_unknown(asked, _CASE_KEYS)
        source = {"pack": asked["pack"]} if asked.get("pack") is not None else tree
        model = merge(_source_model(source, folder, packs), asked.get("model") or {})
        params = {"params": asked["params"]} if asked.get("params") is not None else {}
        yield Case(
            name=asked["name"],
            model=merge(model, params),
            tables={**(tree.get("tables") or {}), **(asked.get("tables") or {})},
            lookups=tree.get("lookups") or {},
            asked=asked,
        )


def _source_model(source: dict[str, Node], folder: Path, packs: Path) -> Node:
    given = [key for key in _SOURCES if source.get(key) is not None]
    if len(given) != 1:
        raise InputError(f"one of pack, rules or model is needed, not {given}")
    if given == ["model"]:
        return extended(source["model"], packs)
    if given == ["rules"]:
        return extended(load_file(folder / source["rules"]), packs)
    return _pack(source["pack"], packs)


def _pack(id_: str, packs: Path) -> Node:
    tree = _trees(packs).get(id_)
    if tree is None:
        raise InputError(f"no pack {id_!r}")
    return extended(tree, packs)


@cache
def _trees(packs: Path) -> dict[str, Node]:
    """Packs by their id: they are asked for by every case, and nobody changes a tree."""
    trees = map(load_file, sorted(packs.glob("*.y*ml")))
    return {tree["id"]: tree for tree in trees}


def extended(model: dict[str, Node], packs: Path) -> Node:
    """A model laid over the pack it extends; the id is never inherited."""
    if model.get("extends") is None:
        return model
    base = {key: item for key, item in _pack(model["extends"], packs).items() if key != "id"}
    return merge(base, {key: item for key, item in model.items() if key != "extends"})


def _refuse_unknown(tree: dict[str, Node], known: set[str]) -> None:
    unknown = sorted(str(key) for key in tree if key not in known)
    if unknown:
        raise InputError(f"unknown keys in a case file: {', '.join(unknown)}")
