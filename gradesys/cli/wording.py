"""Parts of a rule file in the words of the people who are graded, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from gradesys.cli.languages import in_digits, number, text_of
from gradesys.rules.model import (
    Bands,
    Grades,
    Indicator,
    Linear,
    PointRules,
    Quantiles,
    Title,
    ValueMap,
    Weight,
    WeightRules,
    Window,
)

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "itself": "the value is the points",
        "below": "below {min}: {points} points",
        "from": "from {min}: {points} points",
        "linear": "{x0} gives {y0} points, {x1} gives {y1}, in between in proportion",
        "equal": "{value}: {points} points",
        "otherwise": "anything else: {points} points",
        "if": "if {condition}: {points} points",
        "always": "otherwise: {points} points",
        "group": "group {place} of {count}, the lowest values first: {points} points",
        "missing": "unknown: {points} points",
        "weight_if": "if {condition}: {weight}",
        "weight_else": "otherwise: {weight}",
        "last": "the last {length}, today included",
        "next": "the next {length}",
        "period": "the current {period}",
        "fixed": "from {start} to before {end}",
        "grade_from": "from {min}",
        "grade_top": "the best {percent} %",
        "grade_rest": "everything below",
        "hysteresis": "A grade is lost only {margin} below its limit.",
        "hold": "A worse grade is shown only after {hold}.",
        "until": "A worse grade is shown only at the end of the {period}.",
        "steps": "At most {steps} steps down at a time.",
        "open": "…",
    },
    "fa": {
        "itself": "خود مقدار، امتیاز است",
        "below": "کمتر از {min}: {points} امتیاز",
        "from": "از {min} به بالا: {points} امتیاز",
        "linear": "{x0} برابر {y0} امتیاز و {x1} برابر {y1} امتیاز؛ میان این دو به نسبت",
        "equal": "{value}: {points} امتیاز",
        "otherwise": "هر مقدار دیگر: {points} امتیاز",
        "if": "اگر {condition}: {points} امتیاز",
        "always": "در غیر این صورت: {points} امتیاز",
        "group": "گروه {place} از {count}، از کمترین مقدارها: {points} امتیاز",
        "missing": "نامعلوم: {points} امتیاز",
        "weight_if": "اگر {condition}: {weight}",
        "weight_else": "در غیر این صورت: {weight}",
        "last": "{length} گذشته، با امروز",
        "next": "{length} آینده",
        "period": "{period} جاری",
        "fixed": "از {start} تا پیش از {end}",
        "grade_from": "از {min} به بالا",
        "grade_top": "{percent} درصد برتر",
        "grade_rest": "هر چه پایین‌تر است",
        "hysteresis": "درجه تنها وقتی از دست می‌رود که {margin} پایین‌تر از مرز آن باشید.",
        "hold": "درجهٔ پایین‌تر تنها پس از {hold} نشان داده می‌شود.",
        "until": "درجهٔ پایین‌تر تنها در پایان {period} نشان داده می‌شود.",
        "steps": "هر بار دست بالا {steps} پله پایین می‌آید.",
        "open": "…",
    },
}
UNITS = {
    "day": "روز",
    "week": "هفته",
    "month": "ماه",
    "quarter": "فصل",
    "year": "سال",
    "fiscal_quarter": "فصل مالی",
    "fiscal_year": "سال مالی",
}


def texts(title: Title | None) -> Mapping[str, str]:
    """A title as a map from language to text."""
    return {} if title is None else title.texts


def name_of(title: Title | None, lang: str, default: str) -> str:
    """A title in a language."""
    return text_of(texts(title), lang, default)


def duration(text: str, lang: str) -> str:
    """`12 months` in words."""
    if lang == "en":
        return text.replace("_", " ")
    words = (UNITS.get(word) or UNITS.get(word.removesuffix("s")) or word for word in text.split())
    return in_digits(" ".join(words), lang)


def points_in_words(node: Indicator, lang: str) -> list[str]:
    """How a value becomes points, a line a case."""
    found = list(_POINTS.get(type(node.points), _itself)(node.points, _Words(lang)))
    if node.missing_points:
        found.append(_Words(lang).say("missing", points=node.missing_points))
    return found


def weight_in_words(weight: Weight, lang: str) -> list[str]:
    """A weight, or the conditions that choose it."""
    words = _Words(lang)
    if not isinstance(weight, WeightRules):
        return [number(weight, lang)]
    rules = [_conditional(words, "weight", rule.condition, rule.weight) for rule in weight.rules]
    return [*rules, words.say("weight_else", weight=weight.otherwise)]


def window_in_words(window: Window | None, lang: str) -> str:
    """Which days count."""
    words = _Words(lang)
    if window is None:
        return ""
    for form in ("last", "next"):
        if (length := getattr(window, form)) is not None:
            return words.say(form, length=duration(length, lang))
    if window.period is not None:
        return words.say("period", period=duration(window.period, lang))
    ends = {"start": window.start, "end": window.end}
    dots = words.say("open")
    return words.say("fixed", **{key: in_digits(end or dots, lang) for key, end in ends.items()})


def grades_in_words(grades: Grades, lang: str) -> Iterator[tuple[str, str]]:
    """Every band's name, and how it is reached."""
    words = _Words(lang)
    for band in grades.bands:
        told = words.say("grade_rest")
        if band.min is not None:
            told = words.say("grade_from", min=band.min)
        elif band.top_percent is not None:
            told = words.say("grade_top", percent=band.top_percent)
        yield name_of(band.title, lang, str(band.grade)), told


def protection_in_words(grades: Grades, lang: str) -> Iterator[str]:
    """What keeps a grade that was reached."""
    words, down = _Words(lang), grades.downgrade
    if grades.hysteresis:
        yield words.say("hysteresis", margin=grades.hysteresis)
    if down is not None and down.hold is not None:
        yield words.say("hold", hold=duration(down.hold, lang))
    if down is not None and down.until_end_of is not None:
        yield words.say("until", period=duration(down.until_end_of, lang))
    if down is not None and down.max_steps is not None:
        yield words.say("steps", steps=down.max_steps)


class _Words:
    """The words of one language, numbers written its way."""

    def __init__(self, lang: str) -> None:
        self.lang = lang

    def say(self, name: str, **told: Any) -> str:
        shown = {k: v if isinstance(v, str) else number(v, self.lang) for k, v in told.items()}
        return WORDS[self.lang][name].format(**shown)


def _itself(_: Any, words: _Words) -> Iterator[str]:
    yield words.say("itself")


def _bands(node: Bands, words: _Words) -> Iterator[str]:
    following = [band.min for band in node.bands[1:]]
    for index, band in enumerate(node.bands):
        if band.min is not None:
            yield words.say("from", min=band.min, points=band.points)
        elif following:
            yield words.say("below", min=following[index], points=band.points)
        else:
            yield words.say("otherwise", points=band.points)


def _linear(node: Linear, words: _Words) -> Iterator[str]:
    (x0, x1), (y0, y1) = node.linear.start, node.linear.end
    yield words.say("linear", x0=x0, x1=x1, y0=y0, y1=y1)


def _map(node: ValueMap, words: _Words) -> Iterator[str]:
    for key, points in node.map.items():
        yield words.say("equal", value=str(key), points=points)
    if node.otherwise is not None:
        yield words.say("otherwise", points=node.otherwise)


def _rules(node: PointRules, words: _Words) -> Iterator[str]:
    yield from (_conditional(words, "points", rule.condition, rule.points) for rule in node.rules)


def _conditional(words: _Words, what: str, condition: str | None, value: Any) -> str:
    names = {"points": ("if", "always"), "weight": ("weight_if", "weight_else")}[what]
    if condition is None:
        return words.say(names[1], **{what: value})
    return words.say(names[0], condition=condition, **{what: value})


def _quantiles(node: Quantiles, words: _Words) -> Iterator[str]:
    for place, points in enumerate(node.points, 1):
        yield words.say("group", place=str(place), count=node.quantiles, points=points)


_POINTS: Mapping[type, Callable[[Any, _Words], Iterator[str]]] = {
    Bands: _bands,
    Linear: _linear,
    ValueMap: _map,
    PointRules: _rules,
    Quantiles: _quantiles,
}
