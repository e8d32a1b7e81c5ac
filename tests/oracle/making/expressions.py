"""Expression texts that are well typed: numbers, conditions, with nulls and zero divisors."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from tests.oracle.making.cells import day
from tests.oracle.making.schema import DATES
from tests.oracle.making.setting import Setting

LIMIT = 500  # characters of an expression (3.3)


@dataclass(frozen=True, slots=True)
class Names:
    """The names an expression may use, each with its kind: number, flag, text, day or instant."""

    setting: Setting
    kinds: dict[str, str]
    points: tuple[str, ...] = ()  # names that points(x) may take

    def of(self, *kinds: str) -> list[str]:
        """The names of some kinds."""
        return [name for name, kind in self.kinds.items() if kind in kinds]

    def without_points(self) -> "Names":
        """The same names where points(x) is barred."""
        return replace(self, points=())


def number_text(names: Names, depth: int = 3) -> str:
    """An expression whose value is a number or null."""
    text = _number(names, depth)
    return text if len(text) <= LIMIT else _leaf(names)


def condition_text(names: Names, depth: int = 2) -> str:
    """An expression whose value is true or false."""
    text = _condition(names, depth)
    return text if len(text) <= LIMIT else "is_null(null)"


def _number(names: Names, depth: int) -> str:
    if depth == 0 or names.setting.chance(0.25):
        return _leaf(names)
    form = names.setting.pick(_FORMS)
    parts = [_number(names, depth - 1) for _ in range(form.count("{"))]
    if names.setting.chance(0.12):
        return f"({parts[0]} if {_condition(names, depth - 1)} else {_leaf(names)})"
    return form.format(*parts)


def _leaf(names: Names) -> str:
    setting = names.setting
    choices: list[Callable[[], str]] = [lambda: setting.pick(_LITERALS)]
    if numbers := names.of("number", "flag"):
        choices += [lambda: setting.pick(numbers)] * 3
    if dates := names.of(*DATES):
        choices.append(lambda: _date_number(names, dates))
    if texts := names.of("text"):
        choices.append(lambda: f"number({setting.pick(texts)})")
    if names.points:
        choices.append(lambda: f"points({setting.pick(names.points)})")
    return setting.pick(choices)()


def _date_number(names: Names, dates: list[str]) -> str:
    setting = names.setting
    one = setting.pick(dates)
    other = setting.pick([*dates, "today()", f"'{day(setting).isoformat()}'"])
    one_argument = ["days_since", "days_until", "months_since", "hours_since", "hours_until"]
    forms = [f"{setting.pick(one_argument)}({one})"] * 2
    forms += [f"days_between({one}, {other})", f"elapsed({one}, {other})"]
    return setting.pick(forms)


def _condition(names: Names, depth: int) -> str:
    setting = names.setting
    if depth > 0 and setting.chance(0.3):
        one, two = _condition(names, depth - 1), _condition(names, depth - 1)
        return setting.pick([f"({one} and {two})", f"({one} or {two})", f"(not {one})"])
    tests = [_number_test, _number_test, _member, _null_test, _date_test, _text_test, _text_test]
    return setting.pick(tests)(names)


def _number_test(names: Names) -> str:
    one, two, three = (_leaf(names) for _ in range(3))
    op = names.setting.pick(["<", "<=", ">", ">=", "==", "!="])
    return names.setting.pick(
        [f"{one} {op} {two}", f"{one} {op} {two}", f"{one} <= {two} < {three}"]
    )


def _member(names: Names) -> str:
    items = names.setting.pick(["0, 1", "1, null", "0.3, 2, 10", "true, 5"])
    return f"{_leaf(names)} {names.setting.pick(['in', 'not in'])} ({items})"


def _null_test(names: Names) -> str:
    return f"is_null({names.setting.pick(list(names.kinds) or ['null'])})"


def _date_test(names: Names) -> str:
    dates = names.of(*DATES)
    if not dates:
        return _number_test(names)
    other = names.setting.pick([*dates, "today()", f"'{day(names.setting).isoformat()}'"])
    op = names.setting.pick(["<", "<=", ">", ">=", "==", "!="])
    return f"{names.setting.pick(dates)} {op} {other}"


def _text_test(names: Names) -> str:
    texts = names.of("text")
    if not texts:
        return _null_test(names)
    op = names.setting.pick(["==", "!=", "<", ">="])
    return f"{names.setting.pick(texts)} {op} '{names.setting.pick(names.setting.texts)}'"


_LITERALS = ["0", "1", "2", "0.1", "0.2", "0.3", "10", "100", ".5", "3.", "1e2", "null", "true"]
_LITERALS += ["number('۱۲')", "number(' -12.5 ')", "number('1,000')", "-1", "7"]
_FORMS = [
    "({} + {})",
    "({} - {})",
    "({} * {})",
    "({} / {})",
    "-({})",
    "+{}",
    "min({}, {})",
    "max({}, {}, {})",
    "abs({})",
    "floor({})",
    "ceil({})",
    "round({})",
    "round({}, 2)",
    "round({}, -1)",
    "clamp({}, 0, 50)",
    "coalesce({}, {})",
    "ratio({}, {})",
    "ratio({}, {}, {})",
    "sqrt({})",
    "ln({})",
    "exp(clamp({}, -20, 20))",
    "sigmoid(clamp({}, -60, 60))",
    "clamp({}, -9, 9) ** 2",
    "clamp({}, -9, 9) ** -1",
    "clamp({}, -9, 9) ** clamp({}, -3, 17)",
    "(2 ** 0.5 + {})",
]
