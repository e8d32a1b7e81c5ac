"""How text is compared (rules.md 15.6): one form for case, composition, and the letters and digits
that Persian and Arabic keyboards write differently.
"""

from __future__ import annotations

import unicodedata

_FOLD: dict[int, str | None] = {
    0x064A: "\u06cc",
    0x0649: "\u06cc",
    0x0643: "\u06a9",
    0x200C: None,
    0x0640: None,
}
_DIGITS: dict[int, str | None] = {
    zero + digit: str(digit) for zero in (0x0660, 0x06F0) for digit in range(10)
}
_TABLE = _FOLD | _DIGITS


def normalize(text: str) -> str:
    """The form in which two texts are the same text. Spaces count."""
    if text.isascii():
        return text.casefold()
    return unicodedata.normalize("NFC", text).translate(_TABLE).casefold()


def ascii_digits(text: str) -> str:
    """The text with Persian and Arabic digits as 0-9, otherwise unchanged."""
    return text.translate(_DIGITS)
