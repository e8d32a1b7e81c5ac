"""The right side of a filter's condition (rules.md 3.4, 15.4): a number, true, text, a day or an
instant, and how it meets a value of a row.

Text that has the shape of a date is both until a column's kind or value tells which.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from msgspec import Struct

from gradesys.errors import Problem, RecordError, RuleError
from gradesys.records import DATES, NUMBERS, TEXTS, Kind, Ref, Value
from gradesys.rules.clock import Moment
from gradesys.rules.text import normalize
from gradesys.rules.values import described, lacks_offset, shaped
from gradesys.rules.windows import relative_day

IDS = frozenset({Kind.ID, Kind.LOOKUP})


class Literal(Struct, frozen=True):
    """``value`` as written (ids as text); ``day``: from today to the local day it stands for;
    ``instant``: aware, UTC; ``moves``: ``@today``."""

    value: Decimal | bool | str
    text: str | None = None
    day: Callable[[date], date] | None = None
    instant: datetime | None = None
    moves: bool = False

    def pair(self, value: Value, moment: Moment) -> tuple[Any, Any]:
        """A value of a row (not null) and this, comparable; RecordError for other kinds."""
        if isinstance(value, date):
            return self._dates(value, moment)
        if isinstance(value, Ref):
            return value.id.lower(), self.id
        if isinstance(value, str) and self.text is not None:
            return normalize(value), self.text
        if isinstance(value, bool | Decimal) and type(value) is type(self.value):
            return value, self.value
        raise RecordError(f"{described(value)} cannot be compared with {self.described}")

    def _dates(self, value: date, moment: Moment) -> tuple[Any, Any]:
        if self.day is not None:
            return moment.local_date(value), self.day(moment.today)
        if self.instant is not None:
            return moment.instant(value), self.instant
        raise RecordError(f"a date cannot be compared with {self.described}")

    @property
    def id(self) -> str:
        """The literal as an id; a number as an id is its text."""
        return str(self.value).lower()

    @property
    def described(self) -> str:
        """The kind in words."""
        return "a date" if self.moves else described(self.value)

    def fits(self, kind: Kind | None) -> bool:
        """True when a column of this kind can be compared with it; None: unknown."""
        if kind in DATES:
            return self.day is not None or self.instant is not None
        if kind in TEXTS:
            return self.text is not None
        if kind in NUMBERS:
            return isinstance(self.value, Decimal)
        if kind is Kind.BOOLEAN:
            return isinstance(self.value, bool)
        return kind not in IDS or not (self.moves or isinstance(self.value, bool))


def read_literal(written: Any, kind: Kind | None) -> Literal:
    """What a rule file wrote (not null) against a column of this kind (None: unknown).

    RuleError, path empty, when it is no scalar, lacks an offset, or does not fit the kind.
    """
    literal = _read(written, kind)
    if not literal.fits(kind):
        raise _error(f"a column of kind {kind} cannot be compared with {literal.described}")
    return literal


def _read(written: Any, kind: Kind | None) -> Literal:
    if isinstance(written, Decimal) and kind in IDS:
        written = str(written)
    if isinstance(written, bool | Decimal):
        return Literal(written)
    if not isinstance(written, str):
        raise _error("a number, text, true, false or null is needed")
    if (relative := relative_day(written)) is not None:
        return Literal(written, day=relative, moves=True)
    if kind not in TEXTS and lacks_offset(written):
        raise _error(f"the date-time '{written}' needs an offset")
    text, moment = normalize(written), shaped(written)
    if isinstance(moment, datetime):
        return Literal(written, text, instant=moment)
    return Literal(written, text, day=None if moment is None else lambda today: moment)


def _error(message: str) -> RuleError:
    return RuleError((Problem((), message),))
