"""One model as a page for the people who are graded: self-contained HTML in both languages.

The page is built as a tree and written by the standard library, so every text is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, tostring

from gradesys.cli.languages import number
from gradesys.cli.wording import (
    grades_in_words,
    name_of,
    points_in_words,
    protection_in_words,
    weight_in_words,
    window_in_words,
)
from gradesys.rules.model import AggregateIndicator, RuleModel

WORDS = {
    "en": {
        "counts": "What counts, and how many points it brings",
        "grades": "What the grades mean",
        "advice": "What raises the score",
        "terms": "Glossary",
        "columns": "What|When|Points|Weight|Who can move it",
        "score": "The score lies between {low} and {high}.",
        "version": "Rules {version}",
    },
    "fa": {
        "counts": "چه چیزی به حساب می‌آید و چند امتیاز دارد",
        "grades": "درجه‌ها چه معنایی دارند",
        "advice": "چه چیزی امتیاز را بالا می‌برد",
        "terms": "واژه‌نامه",
        "columns": "چه چیزی|چه زمانی|امتیاز|وزن|چه کسی می‌تواند آن را تغییر دهد",
        "score": "امتیاز میان {low} و {high} است.",
        "version": "نسخهٔ قواعد {version}",
    },
}
DIRECTIONS = {"en": "ltr", "fa": "rtl"}
STYLE = """
body { font: 16px/1.7 Vazirmatn, "Segoe UI", Tahoma, sans-serif; max-width: 60rem;
  margin: 2rem auto; padding: 0 1rem; color: #1b1a19; background: #fff }
section { margin-bottom: 4rem } h1 { font-size: 1.7rem } h2 { font-size: 1.2rem }
table { border-collapse: collapse; width: 100% }
th, td { border-bottom: 1px solid #d2d0ce; padding: .4rem .6rem; text-align: start;
  vertical-align: top } td p { margin: 0 }
nav a { margin-inline-end: 1rem } footer { color: #605e5c }
@media (prefers-color-scheme: dark) { body { color: #f3f2f1; background: #1b1a19 } }
"""


def page(model: RuleModel, version: str) -> str:
    """The whole HTML document."""
    html = Element("html", lang="fa")
    head = SubElement(html, "head")
    SubElement(head, "meta", charset="utf-8")
    SubElement(head, "meta", name="viewport", content="width=device-width, initial-scale=1")
    titles = [name_of(model.title, lang, model.id) for lang in ("fa", "en")]
    _text(head, "title", " – ".join(dict.fromkeys(titles)))
    _text(head, "style", STYLE)
    body = SubElement(html, "body")
    links = SubElement(body, "nav")
    for lang, told in (("fa", "فارسی"), ("en", "English")):
        _text(links, "a", told, href=f"#{lang}", lang=lang)
    for lang in ("fa", "en"):
        _section(body, model, lang, version)
    return "<!doctype html>\n" + tostring(html, encoding="unicode", method="html") + "\n"


def _section(body: Element, model: RuleModel, lang: str, version: str) -> None:
    words = WORDS[lang]
    section = SubElement(body, "section", id=lang, lang=lang, dir=DIRECTIONS[lang])
    _text(section, "h1", name_of(model.title, lang, model.id))
    if model.score.min is not None and model.score.max is not None:
        low, high = (number(end, lang) for end in (model.score.min, model.score.max))
        _text(section, "p", words["score"].format(low=low, high=high))
    _text(section, "h2", words["counts"])
    _indicators(section, model, lang)
    if model.grades is not None:
        _text(section, "h2", words["grades"])
        _grades(section, model, lang)
    advice = _advice(model, lang)
    if advice:
        _text(section, "h2", words["advice"])
        _list(section, advice)
    if model.terms:
        _text(section, "h2", words["terms"])
        _terms(section, model, lang)
    _text(section, "footer", words["version"].format(version=version))


def _indicators(section: Element, model: RuleModel, lang: str) -> None:
    table = _table(section, WORDS[lang]["columns"].split("|"))
    for name, node in model.indicators.items():
        if not node.scored:
            continue
        window = node.window if isinstance(node, AggregateIndicator) else None
        unit = f" ({node.unit})" if node.unit else ""
        row = SubElement(table, "tr")
        _cell(row, [name_of(node.title, lang, name) + unit])
        _cell(row, [window_in_words(window, lang)])
        _cell(row, points_in_words(node, lang))
        _cell(row, weight_in_words(node.weight, lang))
        _cell(row, [node.owner or ""])


def _grades(section: Element, model: RuleModel, lang: str) -> None:
    assert model.grades is not None
    table = _table(section, ())
    bands = zip(model.grades.bands, grades_in_words(model.grades, lang), strict=True)
    for band, (name, reached) in bands:
        row = SubElement(table, "tr")
        _text(row, "th", name)
        _cell(row, [reached])
        _cell(row, [name_of(band.advice, lang, "")])
    for sentence in protection_in_words(model.grades, lang):
        _text(section, "p", sentence)


def _advice(model: RuleModel, lang: str) -> list[str]:
    return [
        f"{name_of(node.title, lang, name)}: {advice}"
        for name, node in model.indicators.items()
        if (advice := name_of(node.advice, lang, ""))
    ]


def _terms(section: Element, model: RuleModel, lang: str) -> None:
    glossary = SubElement(section, "dl")
    for term, meaning in model.terms.items():
        _text(glossary, "dt", term)
        _text(glossary, "dd", name_of(meaning, lang, ""))


def _table(section: Element, columns: Iterable[str]) -> Element:
    table = SubElement(section, "table")
    row = SubElement(table, "tr")
    for column in columns:
        _text(row, "th", column)
    return table


def _list(section: Element, items: Iterable[str]) -> None:
    listed = SubElement(section, "ul")
    for item in items:
        _text(listed, "li", item)


def _cell(row: Element, lines: Iterable[str]) -> None:
    cell = SubElement(row, "td")
    for line in lines:
        _text(cell, "p", line)


def _text(parent: Element, tag: str, text: str, **attributes: str) -> None:
    SubElement(parent, tag, attributes).text = text
