"""The models of a case file: its own, a pack's, or those with a case's changes laid over (15.8).

A model that cannot be loaded fails only the cases that need it. Columns are not checked against
metadata.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path as File
from typing import Any

from msgspec import Struct, field

from gradesys.errors import Problem, RuleError
from gradesys.rules.casefile import Case
from gradesys.rules.compile import CompiledModel
from gradesys.rules.document import Document
from gradesys.rules.merging import merge
from gradesys.rules.nearest import nearest
from gradesys.rules.parse import parse_data, placed
from gradesys.rules.resolving import Layered, Part, Placed, with_base
from gradesys.rules.sources import read_document
from gradesys.rules.validate import check_model


class CaseModels(Struct):
    """Compiled models of one document; those that several cases share are compiled once."""

    document: Document
    folder: File
    packs: Mapping[str, Document]
    shared: dict[str | None, CompiledModel] = field(default_factory=dict)

    def compiled(self, case: Case) -> CompiledModel:
        """The model of a case. RuleError with every problem of it."""
        pack = case.data.get("pack")
        if case.data.get("model") is not None or case.data.get("params") is not None:
            return _compiled(self._changed(self._base(pack), case))
        if pack not in self.shared:
            self.shared[pack] = _compiled(self._base(pack))
        return self.shared[pack]

    def _base(self, pack: Any) -> Placed:
        data = self.document.data
        named = data.get("pack") if pack is None else pack
        if named is not None:
            return with_base(self._pack(str(named)), self.packs)
        if data.get("rules") is not None:
            return with_base(read_document(self.folder / str(data["rules"])), self.packs)
        if data.get("model") is None:
            problem = Problem((), "pack, rules or model is needed")
            raise RuleError(placed((problem,), self.document))
        return with_base(Part(self.document, ("model",)), self.packs)

    def _pack(self, name: str) -> Document:
        if name not in self.packs:
            problem = Problem(("pack",), f"no such pack '{name}'{nearest(name, self.packs)}")
            raise RuleError(placed((problem,), self.document))
        return self.packs[name]

    def _changed(self, base: Placed, case: Case) -> Placed:
        path = ("cases", case.index)
        changes = (("model", ()), ("params", ("params",)))
        for key, inside in changes:
            change = case.data.get(key)
            if change is not None:
                whole = {"params": change} if inside else change
                part = Part(self.document, (*path, key))
                base = Layered(merge(base.data, whole), (part, base))
        return base


def _compiled(document: Placed) -> CompiledModel:
    model = parse_data(document)
    verdict = check_model(model, None, case=True)
    if verdict.errors or verdict.compiled is None:
        raise RuleError(placed(verdict.errors, document))
    return verdict.compiled
