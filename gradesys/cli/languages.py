"""How numbers, days and instants read in the two languages, for everything that people print."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import click
from persiantools import digits
from persiantools.jdatetime import JalaliDate

LANGUAGES = ("en", "fa")
LANG = click.option(
    "--lang", type=click.Choice(LANGUAGES), default="en", show_default=True, help="The language."
)
_Jalali: Any = JalaliDate  # its methods carry no annotations
_SEPARATORS = str.maketrans({",": "٬", ".": "٫"})
_Texts = Mapping[str, str]


def number(value: Decimal | str | None, lang: str) -> str:
    """A number with its thousands parted; a dash for null, other text as it is."""
    if value is None:
        return "–"
    try:
        text = f"{Decimal(value):,f}"
    except ArithmeticError:
        return str(value)
    return in_digits(text.translate(_SEPARATORS), lang) if lang == "fa" else text


def in_digits(text: str, lang: str) -> str:
    """The text with the language's digits."""
    return str(digits.en_to_fa(text)) if lang == "fa" else text


def day(value: date, lang: str) -> str:
    """A day in both calendars, the language's own first."""
    jalali = _Jalali(value).strftime("%Y/%m/%d")
    if lang == "fa":
        return in_digits(f"{jalali} ({value.isoformat()})", "fa")
    return f"{value.isoformat()} ({jalali})"


def instant(value: datetime, zone: ZoneInfo, lang: str) -> str:
    """A moment as a clock on the wall shows it, in both calendars."""
    local = value.astimezone(zone)
    return f"{day(local.date(), lang)} {in_digits(local.strftime('%H:%M'), lang)} {zone.key}"


def text_of(title: _Texts | None, lang: str, default: str = "") -> str:
    """A text of the language, else of the other one, else the default."""
    if not title:
        return default
    other = next(each for each in LANGUAGES if each != lang)
    return title.get(lang) or title.get(other) or default
