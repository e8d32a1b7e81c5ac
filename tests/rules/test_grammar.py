"""What an expression may not be (rules.md 3.3, section 10)."""

from __future__ import annotations

import pytest

from gradesys.errors import RuleError
from gradesys.rules.expressions import compile_expression


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "column 1: invalid syntax"),
        ("1 +", "invalid syntax"),
        ("(1", "column 1: '(' was never closed"),
        ("1) + (2", "unmatched ')'"),
        ("x := 1", "invalid syntax"),
        ("x; y", "invalid syntax"),
        ("1if x else 2", "column 1: invalid decimal literal"),
        ("1 + a.b", "column 5: a dot is not part of the rule language"),
        ("شرکت + a.b", "column 8: a dot is not part of the rule language"),
        ("x[0]", "column 1: an index is not part of the rule language"),
        ("lambda: 1", "column 1: lambda is not part of the rule language"),
        ("[1, 2]", "column 1: a list in [] is not part of the rule language"),
        ("{1: 2}", "column 1: dict is not part of the rule language"),
        ("f'{x}'", "column 1: an f-string is not part of the rule language"),
        ("min(a for a in b)", "column 4: a loop is not part of the rule language"),
        ("5 % 2", "column 1: % is not part of the rule language"),
        ("5 // 2", "column 1: // is not part of the rule language"),
        ("5 | 2", "column 1: bitor is not part of the rule language"),
        ("~5", "column 1: invert is not part of the rule language"),
        ("x is null", "column 1: 'is' is not part of the rule language"),
        ("ratio(a, b, default=1)", "a named argument is not part of the rule language"),
        ("min(*a)", "starred is not part of the rule language"),
        ("a, b", "column 1: a list stands only after 'in'"),
        ("(1, 2) == x", "column 1: a list stands only after 'in'"),
        ("x in y", "column 6: 'in' needs a list in parentheses"),
        ("x in (1, 2) == true", "nothing can be compared with a list but by 'in'"),
        ("x in 'abc'", "'in' needs a list in parentheses"),
        ("1_000", "column 1: 1_000 is no number of the rule language"),
        ("0x1F", "0x1F is no number of the rule language"),
        ("2j", "2j is no number of the rule language"),
        ("b'x'", "b'x' is no number of the rule language"),
        ("...", "... is no number of the rule language"),
        ("1e999999999", "number with more than 400 digits"),
        ("x ** 17", "column 6: an exponent lies within -16..16"),
        ("x ** -17", "column 6: an exponent lies within -16..16"),
        ("1 # one", "no comments"),
        ("'\\n'", "no backslashes"),
        ("maxx(1)", "column 1: unknown function 'maxx'; did you mean 'max'?"),
        ("points(1)", "points() takes the name of an indicator"),
        ("points(a, b)", "points() takes the name of an indicator"),
        ("abs()", "abs() takes 1 argument"),
        ("round(1, 2, 3)", "round() takes 1 to 2 arguments"),
        ("today(1)", "today() takes 0 arguments"),
        ("min()", "min() takes at least 1 argument"),
        ("a(1)(2)", "unknown function 'a(1)'"),
        ("'2026-01-01T00:00:00' < a", "the date-time '2026-01-01T00:00:00' needs an offset"),
        ("-" * 480 + "1", "nested too deeply"),
        ("(" * 240 + "1" + ")" * 240, "too many nested parentheses"),
        ("1 +" + " " * 500 + "1", "an expression has at most 500 characters"),
        ("1" * 501, "an expression has at most 500 characters"),
        ("a\x00", "null bytes"),
        ("'\ud800'", "this cannot be read as an expression"),
    ],
)
def test_what_the_language_does_not_have_is_refused_with_its_column(
    text: str, message: str
) -> None:
    with pytest.raises(RuleError) as caught:
        compile_expression(text)
    assert message in str(caught.value)


def test_every_problem_of_an_expression_is_named_at_once() -> None:
    with pytest.raises(RuleError) as caught:
        compile_expression("maxx(1) + abs() + x ** 20")
    assert len(caught.value.problems) == 3


@pytest.mark.parametrize("text", ["a" * 500, "'#' == a", "'a' 'b'", "x ** 16"])
def test_what_the_language_has_is_accepted(text: str) -> None:
    assert compile_expression(text).text == text
