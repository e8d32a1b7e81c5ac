"""How much is read at once, and what one reading gives."""

from dataclasses import dataclass

from emulator.query.shape import RawRow, Row
from emulator.rows.values import SqlValue

PAGE = 5000


@dataclass(frozen=True, slots=True)
class Window:
    """How many rows (None = all), and after which sort values."""

    size: int | None = PAGE
    after: tuple[SqlValue, ...] | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Rows with the raw rows behind them; ``last`` has the final sort values when more follow."""

    rows: list[Row]
    raw: list[RawRow]
    last: tuple[SqlValue, ...] | None
