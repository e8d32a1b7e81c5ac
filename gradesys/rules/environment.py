"""Params that one environment sets otherwise: a file that maps model ids to params.

A test org and the real one share their rule files; what differs between them stands in one small
file of each, and wins over the params that the rule files hold.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path as File
from typing import Any

from msgspec import Struct

from gradesys.errors import Problem, RuleError
from gradesys.rules.composing import Path
from gradesys.rules.nearest import nearest
from gradesys.rules.resolving import Placed, over
from gradesys.rules.sources import read_document


class _ParamsOf(Struct, frozen=True):
    """The part of the file about one model, as that model's own `params` key."""

    whole: Placed
    model: str

    @property
    def data(self) -> Any:
        return {"params": self.whole.data[self.model]}

    def place(self, path: Path = ()) -> str:
        return self.whole.place((self.model, *path[1:]))


class Environment(Struct, frozen=True):
    """``document``: the file; None where the environment changes nothing."""

    document: Placed | None = None

    def over(self, model: Placed) -> Placed:
        """The model with this environment's params. RuleError: a param that the model has not."""
        name = model.data.get("id") if isinstance(model.data, dict) else None
        if self.document is None or not isinstance(name, str) or name not in self._models():
            return model
        problems = tuple(self._unknown(name, model.data.get("params") or {}))
        if problems:
            raise RuleError(problems)
        return over(model, _ParamsOf(self.document, name))

    def strangers(self, models: Collection[str]) -> Iterator[Problem]:
        """A problem for every model that is named but is none of these."""
        for name in self._models():
            if self.document is not None and name not in models:
                message = f"no such model '{name}'{nearest(str(name), models)}"
                yield Problem((name,), message, self.document.place((name,)))

    def _models(self) -> Mapping[Any, Any]:
        return {} if self.document is None else self.document.data

    def _unknown(self, model: str, params: Mapping[str, Any]) -> Iterator[Problem]:
        assert self.document is not None
        for name in self.document.data[model]:
            if name not in params:
                message = f"model '{model}' has no param '{name}'{nearest(str(name), params)}"
                yield Problem((model, name), message, self.document.place((model, name)))


def read_environment(file: File | None) -> Environment:
    """The environment of a file; none without one. RuleError when it is no map of maps."""
    if file is None:
        return Environment()
    document = read_document(file)
    data = document.data if document.data is not None else {}
    if not isinstance(data, dict):
        raise RuleError((Problem((), "a map of model ids is needed", document.place()),))
    for name, params in data.items():
        if not isinstance(params, dict):
            problem = Problem((name,), "a map of params is needed", document.place((name,)))
            raise RuleError((problem,))
    return Environment(document) if data else Environment()
