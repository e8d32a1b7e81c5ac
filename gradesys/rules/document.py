"""A rule or case document as plain data, with the place of every key (rules.md 2, 15.10).

Files come from people and from exports: what YAML allows beyond maps, lists and scalars is
refused, and every refusal says file:line:column.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import yaml
from msgspec import Struct, field

from gradesys.errors import Problem, RuleError
from gradesys.rules.composing import DEPTH, Composer, Mark, Path, TooMuch, mark_of
from gradesys.rules.plainjson import read_json

RULES_LIMIT = 262_144
"""Bytes of a rule file."""
CASES_LIMIT = 64 * 1024 * 1024
"""Bytes of a case file."""

_LARGE_FILE_MARKS = 4


class Document(Struct, frozen=True, eq=False):
    """Maps are dicts in document order (keys: str, Decimal, Flag), numbers Decimal, null None."""

    data: Any
    source: str
    text: str = ""
    _marks: dict[Path, Mark] = field(default_factory=dict)

    def place(self, path: Path = ()) -> str:
        """``file:line:column`` of the key or list item at this path, or of its nearest parent."""
        marks = self._known_marks()
        line, column = next(
            marks[path[:length]] for length in range(len(path), -1, -1) if path[:length] in marks
        )
        return f"{self.source}:{line}:{column}"

    def _known_marks(self) -> dict[Path, Mark]:
        if not self._marks:
            depth = DEPTH if len(self.text) <= RULES_LIMIT else _LARGE_FILE_MARKS
            composer = Composer(marks=self._marks, marks_depth=depth)
            with suppress(yaml.YAMLError):  # JSON that YAML cannot read: the marks up to there
                composer.read(_events(self.text))
            self._marks.setdefault((), (1, 1))
        return self._marks


def load_document(text: str, source: str, limit: int = RULES_LIMIT) -> Document:
    """Read YAML or JSON. ``source`` names it in messages. RuleError lists all that is wrong."""
    size = _size(text, source)
    if size > limit:
        raise _broken(source, (1, 1), f"larger than {limit} bytes ({size})")
    known = read_json(text, DEPTH)
    if known is not None:
        return Document(known[0], source, text)
    return Document(_compose(text, source), source, text)


def _compose(text: str, source: str) -> Any:
    composer = Composer()
    try:
        composer.read(_events(text))
    except TooMuch:
        pass  # the complaints say why
    except (yaml.MarkedYAMLError, yaml.reader.ReaderError) as error:
        composer.complaints.append(_syntax(error, text))
    if composer.complaints:
        raise RuleError(
            tuple(
                Problem(path, message, f"{source}:{line}:{column}")
                for (line, column), path, message in sorted(composer.complaints, key=_position)
            )
        )
    return composer.data


def _events(text: str) -> Iterator[yaml.Event]:
    """As yaml.parse gives them, in half of its calls."""
    return iter(yaml.CLoader(text).get_event, None)


def _position(complaint: tuple[Mark, Path, str]) -> Mark:
    return complaint[0]


def _syntax(
    error: yaml.MarkedYAMLError | yaml.reader.ReaderError, text: str
) -> tuple[Mark, Path, str]:
    if isinstance(error, yaml.reader.ReaderError):
        before = text[: error.position]
        mark = before.count("\n") + 1, len(before) - before.rfind("\n")
        return mark, (), f"character {error.character!r}: {error.reason}"
    mark = (1, 1) if error.problem_mark is None else mark_of(error.problem_mark)
    context = f"{error.context}: " if error.context else ""
    return mark, (), f"{context}{error.problem}"


def _size(text: str, source: str) -> int:
    try:
        return len(text.encode())
    except UnicodeEncodeError as error:
        before = text[: error.start]
        mark = before.count("\n") + 1, len(before) - before.rfind("\n")
        raise _broken(source, mark, "half a surrogate pair is not a character") from None


def _broken(source: str, mark: Mark, message: str) -> RuleError:
    return RuleError((Problem((), message, f"{source}:{mark[0]}:{mark[1]}"),))
