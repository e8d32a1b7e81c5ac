"""The lines of a generated function, and the names that it uses.

Constants are values under names that a reader of the lines can guess; they are never compiled.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from msgspec import Struct, field

from gradesys.records import Value
from gradesys.rules.emit.code import NULL, Code
from gradesys.rules.functions import Kind

_FOREIGN = re.compile(r"[^A-Za-z0-9_]+")
_LONGEST = 40

NOTING = "(notes := notes or []).append"


Making = Callable[[Mapping[str, Any]], Any]
"""Makes a constant of others by their names."""


class Writer(Struct):
    """``constants``: values by name, for a reader, too; ``known``: those that are named once for
    each spelling; ``values``: numbers by spelling, one object each, so that what is used together
    lies together; ``made``: constants of others, which may still change; ``objects``: what cannot
    be read; ``lines``: the function so far; ``needs``: locals that its head must provide."""

    lines: list[str] = field(default_factory=list)
    constants: dict[str, Any] = field(default_factory=dict)
    known: dict[str, Code] = field(default_factory=dict)
    values: dict[str, Decimal] = field(default_factory=dict)
    made: dict[str, Making] = field(default_factory=dict)
    objects: dict[str, Any] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    depth: int = 0
    needs: set[str] = field(default_factory=set)

    def need(self, name: str) -> str:
        """A local that the head of the function must provide."""
        self.needs.add(name)
        return name

    def noting(self) -> str:
        """The code of what takes a note; the list is made with the first of them."""
        self.need("notes")
        return NOTING

    def line(self, text: str) -> None:
        """One line at the present depth."""
        self.lines.append("    " * self.depth + text)

    def comment(self, about: str, text: str = "") -> None:
        """A comment; what an author wrote is escaped, so that it cannot end the line."""
        self.line(f"# {about}{escaped(text)}")

    @contextmanager
    def block(self, header: str) -> Iterator[None]:
        """The lines written inside stand below this header."""
        self.line(header)
        self.depth += 1
        yield
        self.depth -= 1

    def choice(self, branches: Iterable[tuple[str, str]], rest: str | None = None) -> None:
        """The statement of the first condition that holds, else ``rest``."""
        word = "if"
        for condition, statement in branches:
            self.line(f"{word} {condition}: {statement}")
            word = "elif"
        if rest is not None:
            self.line(rest if word == "if" else f"else: {rest}")

    def name(self, prefix: str, written: str = "") -> str:
        """A fresh identifier that reminds of what an author wrote."""
        base = f"{prefix}_{written}"
        if not (base.isascii() and base.isidentifier()):
            base = f"{prefix}_{_FOREIGN.sub('_', written)}"
        base = base[: len(prefix) + 1 + _LONGEST].rstrip("_")
        name, count = base, 1
        while name in self.taken:
            count += 1
            name = f"{base}_{count}"
        self.taken.add(name)
        return name

    def number(self, value: Decimal) -> Code:
        """A constant number, one for each spelling."""
        spelling = str(value)
        known = self.known.get(spelling)
        if known is None:
            name = self.constant("d", spelled(value), self.same(value))
            known = self.known[spelling] = Code(name, "decimal", False, True)
        return known

    def same(self, value: Decimal) -> Decimal:
        """The one object of a number."""
        return self.values.setdefault(str(value), value)

    def constant(self, prefix: str, written: str, value: Any) -> str:
        """A name for a value that can be read."""
        name = self.name(prefix, written)
        self.constants[name] = value
        return name

    def landing(self, own: Decimal | None, points: Decimal, *product: Decimal) -> str:
        """The constant of these numbers, one for each spelling."""
        numbers = tuple([None if n is None else self.same(n) for n in (own, points, *product)])
        spelling = " ".join(map(str, numbers))
        known = self.known.get(spelling)
        if known is None:
            told = "missing" if own is None else spelled(own)
            made = spelled((points, *product)[-1])
            name = self.constant("at", f"{told}_makes_{made}", numbers)
            known = self.known[spelling] = Code(name)
        return known.text

    def later(self, prefix: str, written: str, making: Making) -> str:
        """A constant that is made of others when everything is written."""
        name = self.name(prefix, written)
        self.made[name] = making
        return name

    def literal(self, value: Value) -> Code:
        """A constant number, text, true, false or null."""
        if value is None:
            return NULL
        if isinstance(value, Decimal):
            return self.number(value)
        kind: Kind = "truth" if isinstance(value, bool) else "any"
        return Code(repr(value), kind, False, True)

    def object(self, prefix: str, written: str, value: Any) -> str:
        """A name for something that cannot be read."""
        name = self.name(prefix, written)
        self.objects[name] = value
        return name

    def clamp(self, name: str, value: str, low: Decimal | None, high: Decimal | None) -> str:
        """``name`` becomes the value within its limits; without limits it stays the value."""
        for limit, sign in ((low, "<"), (high, ">")):
            if limit is not None:
                bound = self.number(limit).text
                self.line(f"{name} = {bound} if {value} {sign} {bound} else {value}")
                value = name
        return value


def escaped(text: str) -> str:
    """Text as it may stand in a comment."""
    return repr(text)[1:-1]


def spelled(value: Decimal) -> str:
    """A number as a part of a name."""
    text = format(value, "f") if -9 < value.adjusted() < 13 else "n"
    return text.replace("-", "minus_").replace(".", "_")
