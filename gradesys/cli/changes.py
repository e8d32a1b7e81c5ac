"""The differences of two models as sentences: which part, what it was, what it is now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from gradesys.cli.flow import flow
from gradesys.cli.languages import number
from gradesys.cli.wording import name_of
from gradesys.rules.model import RuleModel
from gradesys.rules.rewriting import rewritten

Path = tuple[str, ...]

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "changed": "{where}: {old} becomes {new}",
        "added": "{where}: new, {new}",
        "removed": "{where}: gone, it was {old}",
        "new_indicator": "{where}: counts now",
        "old_indicator": "{where}: counts no more",
        "moves": "Scores or grades can move.",
        "stays": "No score and no grade can move.",
        "indicators": "",
        "grades": "grades",
        "bands": "band",
        "rules": "rule",
        "params": "param",
        "output": "output",
    },
    "fa": {
        "changed": "{where}: از {old} به {new} تغییر کرد",
        "added": "{where}: تازه افزوده شد، {new}",
        "removed": "{where}: حذف شد، پیش‌تر {old} بود",
        "new_indicator": "{where}: از این پس به حساب می‌آید",
        "old_indicator": "{where}: دیگر به حساب نمی‌آید",
        "moves": "امتیازها یا درجه‌ها ممکن است تغییر کنند.",
        "stays": "هیچ امتیاز و هیچ درجه‌ای تغییر نمی‌کند.",
        "indicators": "",
        "grades": "درجه‌ها",
        "bands": "بازه",
        "rules": "قاعده",
        "params": "پارامتر",
        "output": "خروجی",
        "weight": "وزن",
        "points": "امتیاز",
        "score": "امتیاز نهایی",
        "window": "بازهٔ زمانی",
        "filter": "شرط",
        "title": "عنوان",
        "advice": "توصیه",
        "min": "کمینه",
        "max": "بیشینه",
        "table": "جدول",
        "population": "جامعه",
        "enabled": "روشن",
    },
}


def changes(old: RuleModel, new: RuleModel, lang: str) -> Iterator[str]:
    """A sentence for every difference, in the order of the file."""
    before, after = _data(old), _data(new)
    for path, was, now in _differences(before, after, ()):
        where = _where(path, new if path[1:2] and path[1] in new.indicators else old, lang)
        yield WORDS[lang][_kind(path, was, now)].format(
            where=where, old=_shown(was, lang), new=_shown(now, lang)
        )


def _data(model: RuleModel) -> dict[str, Any]:
    """The model as written, lists as maps: bands by grade, other lists by number."""
    found: dict[str, Any] = _keyed(rewritten(model))
    return found


def _keyed(data: Any) -> Any:
    if isinstance(data, Mapping):
        return {str(key): _keyed(value) for key, value in data.items()}
    if isinstance(data, list | tuple) and any(isinstance(each, Mapping) for each in data):
        return {str(each.get("grade", index + 1)): _keyed(each) for index, each in enumerate(data)}
    return list(data) if isinstance(data, tuple) else data


def _differences(old: Any, new: Any, path: Path) -> Iterator[tuple[Path, Any, Any]]:
    """Leaves that differ; a whole indicator that only one side has is one difference."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in dict.fromkeys((*old, *new)):
            yield from _differences(old.get(key), new.get(key), (*path, key))
    elif old != new:
        yield path, old, new


def _kind(path: Path, was: Any, now: Any) -> str:
    if path[0] == "indicators" and len(path) == 2:
        return "new_indicator" if was is None else "old_indicator"
    return "added" if was is None else "removed" if now is None else "changed"


def _where(path: Path, model: RuleModel, lang: str) -> str:
    """The steps of a path in words, an indicator by its title."""
    words, steps = WORDS[lang], list(path)
    if path[0] == "indicators" and len(path) > 1:
        node = model.indicators.get(path[1])
        title = name_of(None if node is None else node.title, lang, path[1])
        steps = [f"«{title}»", *path[2:]]
    return " ".join(step for step in (words.get(step, step) for step in steps) if step)


def _shown(value: Any, lang: str) -> str:
    return number(value, lang) if isinstance(value, Decimal) else flow(value)
