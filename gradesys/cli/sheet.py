"""An explanation as a table that adds up, from value to score, in either language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TextIO
from zoneinfo import ZoneInfo

from msgspec import Struct

from gradesys.cli.languages import day, instant, number
from gradesys.cli.wording import name_of
from gradesys.records import Ref, Value
from gradesys.rules.account import Part
from gradesys.rules.model import RuleModel
from gradesys.rules.scorecard import Scorecard
from gradesys.rules.state import Grade

WIDTH = 110
DAY = timedelta(days=1)
STEPS = ("base", "scale", "rounding")
ADDITIVE = ("sum", "weighted_average")
"""Ways to combine parts that add up to the score."""

Row = tuple[str, ...]

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "head": "{model}: {grade}, score {score}",
        "as_of": "as of {at}; rules {version}",
        "columns": "indicator|value|points|weight|contribution",
        "group": "limit of group {group}",
        "base": "base",
        "scale": "scale and limits",
        "rounding": "rounding",
        "score": "score",
        "none": "none",
        "yes": "yes",
        "no": "no",
        "from": "{title}: from {start} to {end}",
        "since": "{title}: from {start}",
        "until": "{title}: to {end}",
        "next": "{missing} missing to {grade}",
        "top": "the best grade is reached",
        "advice": "what raises it:",
        "apart": "the parts explain the score but need not add up to it",
        "outside": "outside the population: no score, no grade",
    },
    "fa": {
        "head": "{model}: {grade}، امتیاز {score}",
        "as_of": "در {at}؛ نسخهٔ قواعد {version}",
        "columns": "شاخص|مقدار|امتیاز|وزن|سهم",
        "group": "سقف و کف گروه {group}",
        "base": "پایه",
        "scale": "مقیاس و حدها",
        "rounding": "گرد کردن",
        "score": "امتیاز نهایی",
        "none": "ندارد",
        "yes": "بله",
        "no": "خیر",
        "from": "{title}: از {start} تا {end}",
        "since": "{title}: از {start}",
        "until": "{title}: تا {end}",
        "next": "{missing} تا {grade} مانده است",
        "top": "بهترین درجه به دست آمده است",
        "advice": "چه چیزی آن را بالا می‌برد:",
        "apart": "این بخش‌ها امتیاز را توضیح می‌دهند ولی الزاماً با آن جمع نمی‌شوند",
        "outside": "بیرون از جامعه: نه امتیاز و نه درجه",
    },
}


class Sheet(Struct, frozen=True):
    """What one model says about one record, in one language."""

    model: RuleModel
    card: Scorecard
    lang: str

    def show(self, out: TextIO) -> None:
        """Print it."""
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        console = Console(file=out, width=WIDTH, highlight=False, no_color=True)
        for line in self._head():
            console.print(Text(line))
        table = Table()
        for index, column in enumerate(self._word("columns").split("|")):
            table.add_column(Text(column), justify="right" if index else "left")
        for rows in (self._parts(), self._steps()):
            for row in rows:
                table.add_row(*map(Text, row))
            table.add_section()
        if table.row_count:
            console.print(table)
        for line in self._foot():
            console.print(Text(line))

    def _word(self, name: str, **told: str) -> str:
        return WORDS[self.lang][name].format(**told)

    def _number(self, value: Decimal | None) -> str:
        return number(value, self.lang)

    def _head(self) -> Iterator[str]:
        title = name_of(self.model.title, self.lang, self.model.id)
        grade, score = self._grade(self.card.grade), self._number(self.card.score)
        yield self._word("head", model=title, grade=grade, score=score)
        at = instant(self.card.as_of, ZoneInfo(self.model.timezone), self.lang)
        yield self._word("as_of", at=at, version=self.card.version)
        if not self.card.in_population:
            yield self._word("outside")

    def _parts(self) -> Iterator[Row]:
        for part in self.card.breakdown.parts:
            figures = (part.points, part.weight, part.contribution)
            yield (self._title(part), self._value(part.value), *map(self._number, figures))

    def _steps(self) -> Iterator[Row]:
        """What leads from contributions to the score; steps that add nothing are left out."""
        breakdown = self.card.breakdown
        if breakdown.score is None:
            return
        steps = [(self._word("group", group=name), each) for name, each in breakdown.groups.items()]
        steps += [(self._word(name), getattr(breakdown, name)) for name in STEPS]
        for name, amount in steps:
            if amount:
                yield name, "", "", "", self._number(amount)
        yield self._word("score"), "", "", "", self._number(breakdown.score)

    def _foot(self) -> Iterator[str]:
        if self.model.score.combine not in ADDITIVE:
            yield self._word("apart")
        yield from (self._window(part) for part in self.card.breakdown.parts if part.window)
        yield from self.card.notes
        if self.card.next_grade is not None:
            grade, missing = self.card.next_grade
            told = {"missing": self._number(missing), "grade": self._grade(grade)}
            yield self._word("next", **told)
            yield from self._advice()
        elif self.card.score is not None and self.model.grades is not None:
            yield self._word("top")

    def _window(self, part: Part) -> str:
        """The days of a window, its last one included, in both calendars."""
        start, end = part.window or (None, None)
        told = {
            "title": self._title(part),
            "start": "" if start is None else day(start, self.lang),
            "end": "" if end is None else day(end - DAY, self.lang),
        }
        form = "from" if start and end else "since" if start else "until"
        return self._word(form, **told)

    def _advice(self) -> Iterator[str]:
        """What the reached band says, and the indicators that cost points."""
        bands = () if self.model.grades is None else self.model.grades.bands
        found = [band.advice for band in bands if band.grade == self.card.grade]
        found += [
            node.advice
            for node in self.model.indicators.values()
            if self.model.reasons is None or node.reason in self.card.reasons
        ]
        told = [text for each in found if (text := name_of(each, self.lang, ""))]
        if told:
            yield self._word("advice")
            yield from (f"  {text}" for text in told)

    def _title(self, part: Part) -> str:
        return name_of(self.model.indicators[part.indicator].title, self.lang, part.indicator)

    def _grade(self, grade: Grade | None) -> str:
        if grade is None:
            return self._word("none")
        bands = () if self.model.grades is None else self.model.grades.bands
        title = next((band.title for band in bands if band.grade == grade), None)
        return name_of(title, self.lang, str(grade))

    def _value(self, value: Value) -> str:
        if isinstance(value, bool):
            return self._word("yes" if value else "no")
        if isinstance(value, datetime):
            return instant(value, ZoneInfo(self.model.timezone), self.lang)
        if isinstance(value, date):
            return day(value, self.lang)
        if isinstance(value, Ref):
            return value.id
        return value if isinstance(value, str) else self._number(value)
