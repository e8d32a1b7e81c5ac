"""Which options a choice needs, and which number each of them has or gets.

Numbers are for ever: rows hold them, views filter by them. An option is recognised by the number
that the rules demand, by what the column remembers of its grade names, or by a label.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from operator import itemgetter

from msgspec import Struct

from gradesys.deploy.names import FIRST_OPTION, LAST_OPTION
from gradesys.deploy.specs import OptionSpec
from gradesys.deploy.texts import Text
from gradesys.errors import Problem, RuleError
from gradesys.records import Option
from gradesys.rules.model import GradeBand, Grades, Title

Grade = str | Decimal
_MEMORY = "Options: "
_COLOR = re.compile(r"#[0-9A-Fa-f]{6}")


class Placed(Struct, frozen=True):
    """An option with its number; ``stored`` is what the organisation has under that number."""

    spec: OptionSpec
    value: int
    stored: Option | None = None


def grade_options(grades: Grades) -> tuple[OptionSpec, ...]:
    """Every grade that can be shown, each once: the bands, ``unknown``, and what rules may set.

    Raises RuleError for two grades with one option value.
    """
    bands = band_options(grades.bands)
    others = (grades.unknown, *(rule.set for rule in grades.rules))
    specs = [*bands, *(_option(grade) for grade in others if grade is not None)]
    # A rule may set a grade that is a band too: the band comes first and knows more.
    found: dict[str, OptionSpec] = {}
    for spec in specs:
        found.setdefault(spec.name, spec)
    _refuse_shared_values(found.values())
    return tuple(found.values())


def band_options(bands: Iterable[GradeBand]) -> tuple[OptionSpec, ...]:
    """The grades of the bands, one each, in their order."""
    return tuple(_band_option(band) for band in bands)


def options_of(*words: tuple[str, str]) -> tuple[OptionSpec, ...]:
    """Options of a fixed list, (English, Persian), numbered from the first of our prefix."""
    return tuple(
        OptionSpec(en, Text(en.capitalize(), fa), FIRST_OPTION + place)
        for place, (en, fa) in enumerate(words)
    )


def place(
    specs: Sequence[OptionSpec], stored: Sequence[Option], memory: Mapping[str, int]
) -> tuple[Placed, ...]:
    """Give every option its number; ``stored`` numbers are never given to another option.

    Raises RuleError when the numbers of the option prefix are used up.
    """
    by_value = {option.value: option for option in stored}
    # A name that the rules no longer know lends its option to whoever has its label now.
    owned = {spec.name: memory[spec.name] for spec in specs if spec.name in memory}
    known: dict[str, int] = {}
    for spec in specs:
        found = _known(spec, by_value, owned, frozenset(known.values()))
        if found is not None:
            known[spec.name] = found
    taken = by_value.keys() | set(known.values()) | set(memory.values())
    free = (number for number in range(FIRST_OPTION, LAST_OPTION + 1) if number not in taken)
    values = known | {spec.name: _next(free, spec) for spec in specs if spec.name not in known}
    return tuple(Placed(spec, values[spec.name], by_value.get(values[spec.name])) for spec in specs)


def remember(placed: Iterable[Placed], memory: Mapping[str, int]) -> str:
    """What a column's description says about its options; ``recall`` reads it."""
    current = {item.spec.name: item.value for item in placed}
    former = {name: value for name, value in memory.items() if value not in current.values()}
    numbers = dict(sorted((former | current).items(), key=itemgetter(1)))
    return _MEMORY + json.dumps(numbers, ensure_ascii=False)


def recall(descriptions: Iterable[str]) -> dict[str, int]:
    """Numbers by option name; empty where the description is another, or was edited."""
    for text in descriptions:
        _, found, numbers = text.partition(_MEMORY)
        if found:
            return _numbers(numbers)
    return {}


def _numbers(text: str) -> dict[str, int]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    pairs = found.items() if isinstance(found, dict) else ()
    return {name: value for name, value in pairs if type(value) is int}


def _known(
    spec: OptionSpec,
    stored: Mapping[int, Option],
    owned: Mapping[str, int],
    used: frozenset[int],
) -> int | None:
    if spec.value is not None:
        return spec.value
    remembered = owned.get(spec.name)
    if remembered in stored and remembered not in used:
        return remembered
    others = used | {number for name, number in owned.items() if name != spec.name}
    labelled = (
        option.value
        for option in stored.values()
        if option.value not in others and not spec.spellings.isdisjoint(option.labels.values())
    )
    return next(labelled, None)


def _next(free: Iterator[int], spec: OptionSpec) -> int:
    for number in free:
        return number
    raise RuleError((Problem(("grades",), f"no option number is left for {spec.name}"),))


def _refuse_shared_values(specs: Iterable[OptionSpec]) -> None:
    owners: dict[int, OptionSpec] = {}
    for spec in specs:
        if spec.value is not None and owners.setdefault(spec.value, spec) is not spec:
            why = f"{owners[spec.value].name} and {spec.name} have the same option {spec.value}"
            raise RuleError((Problem(("grades",), why),))


def _band_option(band: GradeBand) -> OptionSpec:
    plain = _option(band.grade)
    title = band.title or Title()
    text = Text(title.en or plain.name, title.fa or plain.name)
    value = plain.value if band.value is None else int(band.value)
    color = band.color if band.color and _COLOR.fullmatch(band.color) else None
    return OptionSpec(plain.name, text, value, color)


def _option(grade: Grade) -> OptionSpec:
    """A grade that is a number is the option's number itself."""
    if isinstance(grade, Decimal):
        name = str(int(grade))
        return OptionSpec(name, Text(name, name), int(grade))
    return OptionSpec(grade, Text(grade, grade))
