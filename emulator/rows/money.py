"""Amounts in the base currency: ``<money>_base`` beside every money column."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from emulator.definitions import Table
from emulator.rows.values import MONEY_DECIMALS

if TYPE_CHECKING:
    from emulator.rows.transaction import Transaction

_QUANTUM = Decimal(1).scaleb(-MONEY_DECIMALS)


def add_base_amounts(
    tx: "Transaction", table: Table, before: Mapping[str, Any], values: dict[str, Any]
) -> None:
    """Complete the base amounts of the money in the values, at today's exchange rate.

    A row has one rate: a new currency, or a rate that moved since the last write, converts every
    amount of the row again. Without a currency the rate is 1.
    """
    currency_column = table.columns.get("transactioncurrencyid")
    if currency_column is None or not currency_column.is_lookup:
        return
    moves = "transactioncurrencyid" in values
    if not moves and not any(name in values for name in _money(table)):
        return
    currency = values.get("transactioncurrencyid", before.get("transactioncurrencyid"))
    rate = _rate(tx, currency)
    if (moves or currency is not None) and "exchangerate" in table.columns:
        values["exchangerate"] = None if currency is None else rate
        moves = moves or rate != before.get("exchangerate")
    for name in _money(table):
        if not moves and name not in values:
            continue
        amount = values.get(name, before.get(name))
        if amount is not None or before.get(f"{name}_base") is not None:
            values[f"{name}_base"] = base_amount(amount, rate)


@lru_cache(maxsize=256)
def _money(table: Table) -> tuple[str, ...]:
    """The columns that have a base amount."""
    return tuple(name for name in table.columns if f"{name}_base" in table.columns)


def base_amount(amount: Decimal | None, rate: Decimal) -> Decimal | None:
    """The amount in the base currency, rounded half up as money is."""
    if amount is None:
        return None
    return (amount / rate).quantize(_QUANTUM, ROUND_HALF_UP)


def _rate(tx: "Transaction", currency: str | None) -> Decimal:
    row = tx.row("transactioncurrency", currency) if currency else None
    rate: Decimal | None = row["exchangerate"] if row else None
    return rate or Decimal(1)
