"""YAML events to plain data, one at a time and without recursion.

The hardening lives here: no anchors, aliases or tags, no second key of one name, bounded depth.
Positions are kept only when asked for, so that a large file of rows costs no more than its data.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import yaml
from msgspec import Struct, field

from gradesys.rules.keys import Flag
from gradesys.rules.scalars import plain

DEPTH = 30
PROBLEMS = 100
BAD_KEY = "a map key must be text, a number, true or false"

Path = tuple[Any, ...]
Mark = tuple[int, int]
"""Line and column, both counted from 1."""


class TooMuch(Exception):
    """The document is deeper, or more broken, than is worth reading on."""


class Frame(Struct):
    """A map or list that is still open; ``waits``: a map key was read and its value was not."""

    data: dict[Any, Any] | list[Any]
    key: Any = None
    waits: bool = False

    def step(self) -> Any:
        """The key or index that was read last."""
        return self.key if isinstance(self.data, dict) else len(self.data) - 1


class Composer(Struct):
    """Folds events into ``data``; what is wrong goes to ``complaints`` and reading goes on."""

    marks: dict[Path, Mark] | None = None
    marks_depth: int = DEPTH
    data: Any = None
    complaints: list[tuple[Mark, Path, str]] = field(default_factory=list)
    stack: list[Frame] = field(default_factory=list)
    documents: int = 0

    def read(self, events: Iterable[yaml.Event]) -> None:
        """Take all events. Raises TooMuch, and what the parser raises."""
        handlers = {
            yaml.DocumentStartEvent: self._document,
            yaml.MappingStartEvent: self._map,
            yaml.SequenceStartEvent: self._list,
            yaml.MappingEndEvent: self._end,
            yaml.SequenceEndEvent: self._end,
            yaml.ScalarEvent: self._scalar,
            yaml.AliasEvent: self._alias,
        }
        for event in events:
            handler = handlers.get(type(event))
            if handler is not None:
                handler(event)

    def _document(self, event: Any) -> None:
        self.documents += 1
        if self.documents > 1:
            self._complain(event, "a second document in one file")
            raise TooMuch
        if event.tags:
            self._complain(event, "tags are not allowed")

    def _map(self, event: Any) -> None:
        self._open(event, {})

    def _list(self, event: Any) -> None:
        self._open(event, [])

    def _open(self, event: Any, data: dict[Any, Any] | list[Any]) -> None:
        self._refuse_extras(event)
        if len(self.stack) >= DEPTH:
            self._complain(event, f"nested more than {DEPTH} levels deep")
            raise TooMuch
        if self.stack and type(self.stack[-1].data) is dict and not self.stack[-1].waits:
            self._complain(event, BAD_KEY)
            raise TooMuch
        self._place(event, data)
        self.stack.append(Frame(data))

    def _end(self, _: Any) -> None:
        self.stack.pop()

    def _alias(self, event: Any) -> None:
        self._complain(event, f"aliases (*{event.anchor}) are not allowed")
        self._place(event, event.anchor)

    def _scalar(self, event: Any) -> None:
        value: Any = event.value
        if event.anchor or event.tag:
            self._refuse_extras(event)
        if not event.style:
            try:
                value = plain(value)
            except ValueError as error:
                self._complain(event, str(error))
        self._place(event, value)

    def _place(self, event: Any, value: Any) -> None:
        if self.stack:
            frame = self.stack[-1]
            data = frame.data
            if frame.waits:
                data[frame.key] = value
                frame.waits = False
                return
            if type(data) is list:
                data.append(value)
            else:
                self._key(frame, event, value)
        else:
            self.data = value
        if self.marks is not None and len(self.stack) <= self.marks_depth:
            self.marks.setdefault(self._path(), mark_of(event.start_mark))

    def _key(self, frame: Frame, event: Any, value: Any) -> None:
        frame.key = key = Flag.of(value) if value is True or value is False else value
        frame.waits = True
        if key is None:
            self._complain(event, BAD_KEY)
        elif key in frame.data:
            self._complain(event, f"key '{event.value}' is there twice")

    def _path(self) -> Path:
        return tuple(frame.step() for frame in self.stack if frame.data or frame.waits)

    def _refuse_extras(self, event: Any) -> None:
        if event.anchor:
            self._complain(event, f"anchors (&{event.anchor}) are not allowed")
        if event.tag:
            self._complain(event, f"tags ({event.tag}) are not allowed")

    def _complain(self, event: Any, message: str) -> None:
        self.complaints.append((mark_of(event.start_mark), self._path(), message))
        if len(self.complaints) >= PROBLEMS:
            raise TooMuch


def mark_of(mark: Any) -> Mark:
    """A parser's mark as (line, column) counted from 1."""
    return mark.line + 1, mark.column + 1
