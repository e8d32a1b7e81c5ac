"""One form for texts that a reader takes for equal (15.6)."""

import unicodedata

_LETTERS = {0x064A: 0x06CC, 0x0649: 0x06CC, 0x0643: 0x06A9, 0x200C: None, 0x0640: None}
_DIGITS = {start + n: ord("0") + n for start in (0x0660, 0x06F0) for n in range(10)}


def western_digits(text: str) -> str:
    """Persian and Arabic digits become 0-9, all else stays."""
    return text.translate(_DIGITS)


def normalised(text: str) -> str:
    """NFC, Persian letters and western digits, no ZWNJ and tatweel, casefolded; spaces count."""
    return western_digits(unicodedata.normalize("NFC", text).translate(_LETTERS)).casefold()


def identity(raw: object) -> str:
    """An id (key or lookup) as it compares: lower-case text; a number is its text (15.9)."""
    return str(raw).lower()
