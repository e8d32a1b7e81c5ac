"""Labels only in languages that the organisation has, its base language always first."""

import pytest

from gradesys.deploy.texts import Languages, Text, label, label_texts, translations

SCORE = Text("Score", "امتیاز")


@pytest.mark.parametrize(
    ("languages", "expected"),
    [
        (Languages(1033, (1033, 1065)), {1033: "Score", 1065: "امتیاز"}),
        (Languages(1033, (1033,)), {1033: "Score"}),
        (Languages(1065, (1065, 1033)), {1065: "امتیاز", 1033: "Score"}),
        (Languages(1065, (1065,)), {1065: "امتیاز"}),
        (Languages(1031, (1031, 1033)), {1031: "Score", 1033: "Score"}),
    ],
)
def test_a_text_is_sent_in_provisioned_languages_only(
    languages: Languages, expected: dict[int, str]
) -> None:
    texts = translations(SCORE, languages)
    assert texts == expected
    assert next(iter(texts)) == languages.base


def test_a_label_that_was_sent_reads_back_as_the_same_texts() -> None:
    assert label_texts(label({1033: "Score", 1065: "امتیاز"})) == {1033: "Score", 1065: "امتیاز"}


def test_an_absent_label_has_no_texts() -> None:
    assert label_texts(None) == {}
