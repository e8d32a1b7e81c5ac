"""Numbers of choice options: recognised, never given twice, never changed."""

import pytest

from gradesys.deploy.options import grade_options, options_of, place, recall, remember
from gradesys.deploy.specs import OptionSpec
from gradesys.deploy.texts import Text
from gradesys.errors import RuleError
from gradesys.records import Option
from gradesys.rules.model import Grades
from tests.deploy.rulefiles import rule_model

FIRST = 921_500_000


def spec(name: str, en: str = "", fa: str = "", value: int | None = None) -> OptionSpec:
    return OptionSpec(name, Text(en or name, fa or name), value)


def stored(value: int, en: str, fa: str = "") -> Option:
    return Option(value, {1033: en} | ({1065: fa} if fa else {}))


def grades(text: str) -> Grades:
    model = rule_model(
        "indicators:\n  a: {type: column, column: revenue, points: {bands: [{points: 1}]}}\n",
        f"grades: {text}\noutput: {{grade: gs_grade}}\n",
    )
    assert model.grades is not None
    return model.grades


@pytest.mark.parametrize(
    ("specs", "present", "memory", "expected"),
    [
        pytest.param([spec("A"), spec("B")], [], {}, [0, 1],
                     id="new options are numbered in order"),
        pytest.param([spec("A"), spec("B")], [stored(FIRST, "B")], {}, [1, 0],
                     id="an option is recognised by its label"),
        pytest.param([spec("A", "Great")], [stored(FIRST + 7, "A")], {}, [7],
                     id="by the grade's own text"),
        pytest.param([spec("A", "Great", "عالی")], [stored(FIRST + 7, "Old", "عالی")], {}, [7],
                     id="by its Persian label"),
        pytest.param([spec("A", "New", "نو")], [stored(FIRST + 7, "Old", "کهنه")],
                     {"A": FIRST + 7}, [7], id="by what the column remembers"),
        pytest.param([spec("A"), spec("B", "A")], [stored(FIRST, "A")], {"B": FIRST}, [1, 0],
                     id="memory goes before labels"),
        pytest.param([spec("Gold", "Great")], [stored(FIRST, "Great")], {"A": FIRST}, [0],
                     id="a grade renamed in the rules keeps the option that has its title"),
        pytest.param([spec("A")], [stored(FIRST, "X"), stored(FIRST + 2, "Y")], {}, [1],
                     id="a foreign option's number is not taken"),
        pytest.param([spec("A")], [], {"Old": FIRST}, [1],
                     id="a number once given stays given"),
        pytest.param([spec("A"), spec("B", value=FIRST)], [], {}, [1, 0],
                     id="numbers demanded by the rules go first"),
        pytest.param([spec("A", value=FIRST + 9)], [stored(FIRST, "A")], {}, [9],
                     id="a demanded number wins over the label"),
    ],
)  # fmt: skip
def test_an_option_keeps_the_number_it_ever_had(
    specs: list[OptionSpec], present: list[Option], memory: dict[str, int], expected: list[int]
) -> None:
    placed = place(specs, present, memory)
    assert [item.value - FIRST for item in placed] == expected


def test_options_beyond_the_numbers_of_the_prefix_are_refused() -> None:
    full = [stored(FIRST + number, f"x{number}") for number in range(10_000)]
    with pytest.raises(RuleError, match="no option number is left for A"):
        place([spec("A")], full, {})


@pytest.mark.parametrize("name", ["A", "بسیار خوب", 'with "quotes", = and ;', "Options: x"])
def test_what_a_description_remembers_is_recalled_whatever_the_name(name: str) -> None:
    text = "Grade, computed. " + remember(place([spec(name)], [], {}), {"Old": 5})
    assert recall(["nothing here", text]) == {"Old": 5, name: FIRST}


def test_a_number_is_remembered_under_its_last_name_only() -> None:
    placed = place([spec("Gold", value=FIRST)], [], {})
    assert recall([remember(placed, {"A": FIRST, "B": FIRST + 1})]) == {
        "Gold": FIRST,
        "B": FIRST + 1,
    }


@pytest.mark.parametrize(
    "text", ["", "edited by hand", "Options: {", "Options: [1]", 'Options: {"A": "x"}']
)
def test_an_edited_description_remembers_nothing(text: str) -> None:
    assert recall([text]) == {}


def test_every_grade_that_can_be_shown_is_an_option_once() -> None:
    found = grade_options(
        grades(
            "{unknown: Unknown, bands: [{grade: A, min: 5, title: {en: Top}}, {grade: B}],"
            " rules: [{if: a > 1, set: Never}, {if: a > 2, set: B}, {at_most: A}]}"
        )
    )
    assert [option.name for option in found] == ["A", "B", "Unknown", "Never"]
    assert found[0].title == Text("Top", "A")


def test_a_grade_that_is_a_number_is_its_own_option_value() -> None:
    found = grade_options(grades("{bands: [{grade: 1, min: 5}, {grade: 2, value: 20}]}"))
    assert [(option.name, option.value) for option in found] == [("1", 1), ("2", 20)]


@pytest.mark.parametrize(
    "bands",
    ["[{grade: A, min: 5, value: 7}, {grade: B, value: 7}]", "[{grade: 1}, {grade: B, value: 1}]"],
)
def test_two_grades_with_one_option_value_are_refused(bands: str) -> None:
    with pytest.raises(RuleError, match=r"have the same option \d"):
        grade_options(grades(f"{{bands: {bands}}}"))


def test_a_grade_may_be_option_zero() -> None:
    found = grade_options(grades("{bands: [{grade: 1, min: 5}, {grade: 0}]}"))
    assert [item.value for item in place(found, [], {})] == [1, 0]


def test_a_fixed_list_is_numbered_from_the_first_of_the_prefix() -> None:
    up, down = options_of(("up", "صعودی"), ("down", "نزولی"))
    assert (up.value, down.value) == (FIRST, FIRST + 1)
    assert down.title == Text("Down", "نزولی")
