"""The small nodes that several parts of a rule document share: texts, windows, orders, spans.

Modules of nodes leave annotations as they are written: their hints are looked at in every start,
and so are not compiled from text once more.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal

from msgspec import Struct, field

Filter = Mapping[str, Any]
"""A filter as written: column -> value, list, operators, or all/any/not (section 3.4)."""


class Node(Struct, frozen=True, kw_only=True):
    """A map of the document. Its type hints say what each key may hold (``kinds``)."""


class Title(Node, frozen=True, kw_only=True):
    """A text in the two languages of the product."""

    en: str | None = None
    fa: str | None = None

    @property
    def texts(self) -> dict[str, str]:
        """By language, as far as there are any."""
        return {lang: text for lang, text in (("en", self.en), ("fa", self.fa)) if text is not None}


class Window(Node, frozen=True, kw_only=True):
    """Whole local days ``[start, end)`` (section 3.5); ``date`` is absent inside ``within``."""

    date: str | None = None
    last: str | None = None
    next: str | None = None
    period: str | None = None
    to_date: bool | None = None
    start: str | None = field(default=None, name="from")
    end: str | None = field(default=None, name="to")
    offset: Decimal = Decimal(0)
    calendar: Literal["gregorian", "jalali"] | None = None
    week_start: str | None = None
    fiscal_year_start: Decimal | None = None


class Order(Node, frozen=True, kw_only=True):
    """One key of a row order; nulls come last either way."""

    column: str
    desc: bool = False


class Decay(Node, frozen=True, kw_only=True):
    """A factor by age in local days; one of half_life, every + rate, until."""

    date: str
    half_life: str | None = None
    every: str | None = None
    rate: Decimal | None = None
    until: str | None = None


class Span(Node, frozen=True, kw_only=True):
    """The two ends of a linear scale."""

    start: tuple[Decimal, Decimal] = field(name="from")
    end: tuple[Decimal, Decimal] = field(name="to")
