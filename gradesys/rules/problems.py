"""Gathering complaints, so that a document's author sees every problem at once.

Compile functions raise RuleError with paths relative to their own node; whoever compiles the node
knows where it stands and prefixes the path.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from gradesys.errors import Problem, RuleError

Path = tuple[str | int, ...]
T = TypeVar("T")


def at(path: Path, build: Callable[[], T]) -> T:
    """What ``build`` makes; its RuleError is raised again with ``path`` before its paths."""
    try:
        return build()
    except RuleError as error:
        raise RuleError(tuple(_below(path, problem) for problem in error.problems)) from error


class Findings(Struct):
    """A growing list of problems."""

    problems: list[Problem] = field(default_factory=list)

    def attempt(self, path: Path, build: Callable[[], T]) -> T | None:
        """What ``build`` makes, or None after its problems were noted under ``path``."""
        try:
            return build()
        except RuleError as error:
            self.problems += [_below(path, problem) for problem in error.problems]
            return None

    def note(self, path: Path, message: str) -> None:
        """One problem of the caller's own."""
        self.problems.append(Problem(path, message))

    def settle(self) -> None:
        """Raise RuleError when there is any problem."""
        if self.problems:
            raise RuleError(tuple(self.problems))


def _below(path: Path, problem: Problem) -> Problem:
    return replace(problem, path=path + problem.path)
