"""A piece of generated code, and what is known about the value that it will have."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from gradesys.rules.functions import Kind


class Code(Struct, frozen=True):
    """A Python expression. ``kind``: decimal (a Decimal), truth (a bool) or any; ``null``: it may
    also be None. ``atom``: a name or constant, which may be repeated; ``depth``: its nesting.
    ``cell``: of a decimal, the code of the int that it was made of; otherwise of a bool."""

    text: str
    kind: Kind = "any"
    null: bool = True
    atom: bool = False
    depth: int = 0
    cell: str = ""

    @property
    def numeric(self) -> bool:
        """True when it is certainly a number, true/false, or null."""
        return self.kind != "any"


NULL = Code("None", "decimal", True, True)


def truth(code: Code) -> str:
    """The code as a condition that is a bool."""
    return code.text if code.kind == "truth" and not code.null else f"truth({code.text})"


def decimal(code: Code) -> str:
    """The code as a Decimal or None; RecordError for another kind."""
    if code.kind == "decimal":
        return code.text
    if code.kind == "any" and code.atom:
        return f"{code.text} if {code.text}.__class__ is Decimal else number({code.text})"
    return f"number({code.text})"


def joined(one: Code, other: Code) -> Kind:
    """The kind of a value that is one or the other; a null literal has every kind."""
    if "None" in (one.text, other.text):
        return other.kind if one.text == "None" else one.kind
    return one.kind if one.kind == other.kind else "any"


def listed(texts: Iterable[str]) -> str:
    """A tuple of these codes."""
    items = list(texts)
    return f"({', '.join(items)}{',' * (len(items) == 1)})"
