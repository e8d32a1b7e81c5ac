"""Text comparison (rules.md 15.6)."""

from __future__ import annotations

import pytest

from gradesys.rules.text import ascii_digits, normalize


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("TEA", "tea"),
        ("Straße", "STRASSE"),
        ("CAFE\u0301", "café"),
        ("شركت", "شرکت"),
        ("علي", "علی"),
        ("على", "علی"),
        ("۱۲", "12"),
        ("١٢", "12"),
        ("می\u200cروم", "میروم"),
        ("سـلام", "سلام"),
    ],
)
def test_spellings_of_the_same_text_are_equal(one: str, other: str) -> None:
    assert normalize(one) == normalize(other)


@pytest.mark.parametrize(("one", "other"), [("a b", "ab"), ("", " "), ("ک", "گ")])
def test_different_texts_stay_different(one: str, other: str) -> None:
    assert normalize(one) != normalize(other)


def test_digits_of_three_scripts_read_as_ascii_and_letters_stay() -> None:
    assert ascii_digits("۰۹ ٠٩ 09 كA") == "09 09 09 كA"
