"""Numbers of many rows at once, exactly, as whole numbers of one unit.

A Decimal for every number on a page is half of the time that decoding takes, and most rows turn out
not to count; so numbers stay as they are spelled until their rows do.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import msgspec

from gradesys.errors import PermanentError
from gradesys.records import Amounts

_decimals = msgspec.json.Decoder(list[Decimal | None])
_whole_numbers = msgspec.json.Decoder(list[int | None])
_LEADING_ZEROS = re.compile(rb"\b0+(?=[0-9])")
_ALL_ZEROS = bytes.maketrans(b"123456789", b"000000000")


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
    marked = (text + b",").translate(_ALL_ZEROS)
    point = marked.find(b".")
    end = marked.find(b",", point)
    if point >= 0:
        pointed = marked.count(b"."), marked.count(marked[point : end + 1])
        if set(pointed) != {count - marked.count(b"null")}:
            return None
    if not text or b"e" in marked or b"E" in marked:
        return None
    try:
        numbers = _ints(b"[" + text.replace(b".", b"") + b"]")
    except msgspec.DecodeError:
        return None
    return Amounts(numbers, end - point - 1 if point >= 0 else 0)


def _ints(text: bytes) -> list[int | None]:
    """Numbers that were below one begin with zeros, which JSON has not."""
    try:
        return _whole_numbers.decode(text)
    except msgspec.DecodeError:
        return _whole_numbers.decode(_LEADING_ZEROS.sub(b"", text))
