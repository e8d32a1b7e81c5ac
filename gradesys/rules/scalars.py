"""What a bare word of a rule file is: a number, true, false, null or text (rules.md 15.10).

YAML 1.1's other readings (`no`, `0x1F`, `12:30`, `.inf`) surprise people, so they stay text here.
"""

from __future__ import annotations

import re
from decimal import Decimal

Scalar = bool | Decimal | str | None

NUMBER = re.compile(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?")
WORDS: dict[str, Scalar] = {"true": True, "false": False, "null": None, "~": None, "": None}
DIGITS = 400
"""Longest number, written out in full: no real figure comes near, and sums stay cheap."""


def plain(text: str) -> Scalar:
    """The value of an unquoted scalar. ValueError when a number is absurdly long."""
    if text in WORDS:
        return WORDS[text]
    if text[0] in "-+.0123456789" and NUMBER.fullmatch(text):
        return number(text)
    return text


def number(text: str) -> Decimal:
    """The exact value of a number's text. ValueError when it has more than DIGITS digits."""
    if len(text) <= DIGITS:
        mantissa, _, exponent = text.lower().partition("e")
        if len(exponent) <= len(str(DIGITS)) + 1 and abs(int(exponent or 0)) <= DIGITS:
            return Decimal(f"{mantissa}e{exponent}" if exponent else mantissa)
    raise ValueError(f"number with more than {DIGITS} digits")
