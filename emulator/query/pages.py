"""How much is read at once, and what one reading gives."""

from msgspec import Struct

from emulator.query.shape import RawRow, Row
from emulator.rows.values import SqlValue

PAGE = 5000


class Window(Struct, frozen=True):
    """How many rows (None = all), and after which sort values."""

    size: int | None = PAGE
    after: tuple[SqlValue, ...] | None = None


class Page(Struct, frozen=True):
    """Rows with the raw rows behind them; ``last`` has the final sort values when more follow."""

    rows: list[Row]
    raw: list[RawRow]
    last: tuple[SqlValue, ...] | None
