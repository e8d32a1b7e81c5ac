"""The small nodes that several parts of a rule document share: texts, windows, orders, spans."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

Filter = Mapping[str, Any]
"""A filter as written: column -> value, list, operators, or all/any/not (section 3.4)."""


class Node(BaseModel):
    """A map of the document: frozen, no unknown keys, no silent conversions (lists may be lists).

    Tags of unions are written ``<so>``: they show up in the paths of complaints, where they must
    not be taken for keys of the document.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)


def _formula(value: Any) -> Any:
    """YAML reads ``if: true`` and ``expression: 1`` as scalars; they are formulas all the same."""
    if isinstance(value, bool):
        return str(value).lower()
    return format(value, "f") if isinstance(value, Decimal) else value


Formula = Annotated[str, BeforeValidator(_formula)]
"""The text of an expression (section 3.3)."""

Listed = Field(strict=False)
"""Marks a tuple that a document writes as a list."""


class Title(Node):
    """A text in the two languages of the product."""

    en: str | None = None
    fa: str | None = None


class Window(Node):
    """Whole local days ``[start, end)`` (section 3.5); ``date`` is absent inside ``within``."""

    date: str | None = None
    last: str | None = None
    next: str | None = None
    period: str | None = None
    to_date: bool | None = None
    start: str | None = Field(default=None, alias="from")
    end: str | None = Field(default=None, alias="to")
    offset: Decimal = Decimal(0)
    calendar: Literal["gregorian", "jalali"] | None = None
    week_start: str | None = None
    fiscal_year_start: Decimal | None = None


class Order(Node):
    """One key of a row order; nulls come last either way."""

    column: str
    desc: bool = False


class Decay(Node):
    """A factor by age in local days; one of half_life, every + rate, until."""

    date: str
    half_life: str | None = None
    every: str | None = None
    rate: Decimal | None = None
    until: str | None = None


class Span(Node):
    """The two ends of a linear scale."""

    start: tuple[Decimal, Decimal] = Field(alias="from", strict=False)
    end: tuple[Decimal, Decimal] = Field(alias="to", strict=False)
