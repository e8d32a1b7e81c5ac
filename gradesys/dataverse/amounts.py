"""Numbers of many rows at once, exactly, as whole numbers of one unit.

A Decimal for every number on a page is half of the time that decoding takes, and most rows turn out
not to count; so numbers stay as they are spelled until their rows do.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from operator import methodcaller
from typing import Any

import msgspec

from gradesys.errors import PermanentError
from gradesys.records import Amounts

_decimals = msgspec.json.Decoder(list[Decimal | None])
_end = methodcaller("find", b",")


def amounts(spelled: Sequence[Any]) -> Amounts:
    """The numbers that these pieces of JSON spell; PermanentError where one is no number."""
    text = b",".join(spelled)
    try:
        return _whole(text, len(spelled)) or Amounts(_decimals.decode(b"[" + text + b"]"))
    except (msgspec.DecodeError, ValueError) as error:
        detail = f"the answer is not the page asked for: {error}"
        raise PermanentError(detail) from error


def _whole(text: bytes, count: int) -> Amounts | None:
    """None: not all of them have equally many decimal places, or one is spelled with an exponent.
    Each piece is valid JSON, so a number has one point at most."""
    _, *tails = (text + b",").split(b".")
    places = set(map(_end, tails)) or {0}
    try:
        pieces = text.replace(b".", b"").split(b",")
        numbers = [None if each == b"null" else int(each) for each in pieces]
    except ValueError:
        return None
    pointed = len(tails) in (0, count - numbers.count(None))
    return Amounts(numbers, places.pop()) if pointed and len(places) == 1 else None
