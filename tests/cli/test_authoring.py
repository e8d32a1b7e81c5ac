"""Commands around the life of a rule file: new, models, diff, handbook, schema."""

from __future__ import annotations

import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import click
import pytest

from gradesys.errors import GradesysError
from gradesys.rules.document import load_document
from gradesys.rules.parse import parse_model
from gradesys.rules.version import model_version
from tests.cli.running import ROOT, done

MODEL = """schema: gradesys/v1
id: m
title: {en: Worth, fa: ارزش}
table: account
params: {full: 100}
indicators:
  spend: {type: aggregate, of: invoice, lookup: customerid, op: sum, column: totalamount_base,
          window: {date: createdon, last: 12 months}, unit: IRR, owner: Sales,
          title: {en: "Spend <b>", fa: خرید}, advice: {en: Buy more, fa: بیشتر بخرید},
          points: {bands: [{points: 0}, {min: 1000, points: 50}]}, weight: 0.7}
  class: {type: column, column: accountclass, points: {map: {1: 5}, otherwise: 0}}
  rank: {type: column, column: gs_rank, points: {quantiles: 2, points: [1, 2]}, missing_points: 3,
         weight: {rules: [{if: value > 3, weight: 2}]}}
  size: {type: column, column: numberofemployees, points: {linear: {from: [0, 9], to: [0, 100]}}}
  lead: {type: column, column: gs_lead, points: {rules: [{if: value > 2, points: 4}, {points: 1}]}}
  fee: {type: column, column: gs_fee}
score: {min: 0, max: 100}
grades:
  bands: [{grade: A, top_percent: 20, title: {en: Gold, fa: طلا}, advice: {en: Stay}},
          {grade: B, min: 50}, {grade: C}]
  hysteresis: 2
  downgrade: {hold: 90 days, max_steps: 1}
terms: {"Paid & done": {en: "Status 2", fa: وضعیت ۲}}
output: {score: gs_score, grade: gs_grade, state: gs_state}
"""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A rule folder with one model, beside the packs."""
    shutil.copytree(ROOT / "config" / "packs", tmp_path / "packs")
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "m.yaml").write_text(MODEL, encoding="utf-8")
    return folder


def test_a_new_rule_file_extends_the_pack_and_is_valid(rules: Path) -> None:
    (rules / "m.yaml").unlink()
    done("new", "best", "--pack", "customer_grade", "--rules", rules)
    text = (rules / "best.yaml").read_text(encoding="utf-8")
    assert "title: {en: " in text
    assert "fa: " in text
    assert "#   paid_full: 500000" in text
    assert done("validate", rules).out == ""


def test_the_comments_of_a_new_file_are_rules_once_uncommented(rules: Path) -> None:
    (rules / "m.yaml").unlink()
    done("new", "best", "--pack", "customer_grade", "--rules", rules)
    file = rules / "best.yaml"
    keys = re.sub(
        r"^# ((?:params|output):|  .*)", r"\1", file.read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    file.write_text(keys, encoding="utf-8")
    assert "\nparams:\n" in keys
    assert done("validate", rules).out == ""


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        (["a b", "--pack", "customer_grade"], click.UsageError, "'a b' is no id"),
        (["m", "--pack", "customer_grade"], click.UsageError, "is there already"),
        (["x", "--pack", "customer_grad"], GradesysError, "did you mean 'customer_grade'?"),
    ],
)
def test_a_new_file_that_cannot_be_is_refused(
    rules: Path, arguments: list[str], error: type[Exception], says: str
) -> None:
    with pytest.raises(error) as caught:
        done("new", *arguments, "--rules", rules)
    assert says in str(getattr(caught.value, "message", caught.value))


def test_models_tells_who_owns_what_and_what_is_off(rules: Path) -> None:
    off = MODEL.replace("id: m", "id: n") + "enabled: false\n"
    (rules / "n.yaml").write_text(off, encoding="utf-8")
    m, n = json.loads(done("models", "--json", "--rules", rules).out)
    assert m["columns"] == {"score": "gs_score", "grade": "gs_grade", "state": "gs_state"}
    assert (m["enabled"], n["enabled"]) == (True, False)
    assert m["version"] == n["version"]
    shown = done("models", "--lang", "fa", "--rules", rules).out
    assert "خاموش" in shown
    assert "gs_score" in shown


def test_models_says_what_is_broken(rules: Path) -> None:
    (rules / "n.yaml").write_text("id: n\n", encoding="utf-8")
    found = done("models", "--json", "--rules", rules)
    assert [model["id"] for model in json.loads(found.out)] == ["m"]
    assert "missing key" in found.err
    assert found.code == 1


@pytest.mark.parametrize(
    ("old", "new", "lang", "sentences"),
    [
        ("weight: 0.7", "weight: 0.6", "en", ["«Spend <b>» weight: 0.7 becomes 0.6"]),
        ("weight: 0.7", "weight: 0.6", "fa", ["«خرید» وزن: از ۰٫۷ به ۰٫۶ تغییر کرد"]),
        ("{grade: B, min: 50}", "{grade: B, min: 60}", "en", ["grades band B min: 50 becomes 60"]),
        ("  fee: ", "  tax: ", "en", ["«fee»: counts no more", "«tax»: counts now"]),
        ("{full: 100}", "{full: 100, low: 3}", "en", ["param low: new, 3"]),
        (", unit: IRR", "", "en", ["«Spend <b>» unit: gone, it was IRR"]),
    ],
)
def test_a_difference_is_a_sentence(
    rules: Path, old: str, new: str, lang: str, sentences: list[str]
) -> None:
    (rules / "new.yaml").write_text(MODEL.replace(old, new), encoding="utf-8")
    found = done("diff", "--lang", lang, rules / "m.yaml", rules / "new.yaml").out.splitlines()
    assert found[:-1] == sentences


def test_a_difference_says_whether_scores_can_move(rules: Path) -> None:
    file, other = rules / "m.yaml", rules / "other.yaml"
    other.write_text(MODEL.replace("Buy more", "Buy much"), encoding="utf-8")
    assert done("diff", file, other).out.splitlines()[-1] == "No score and no grade can move."
    other.write_text(MODEL.replace("0.7", "0.8"), encoding="utf-8")
    assert done("diff", file, other).out.splitlines()[-1] == "Scores or grades can move."


class _Reader(HTMLParser):
    """Collects texts, tags and attributes of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.fixture
def handbook(rules: Path, tmp_path: Path) -> _Reader:
    done("handbook", "--rules", rules, "--out", tmp_path / "out")
    (file,) = (tmp_path / "out").iterdir()
    assert file.name == "m.html"
    return _Reader(file.read_text(encoding="utf-8"))


def test_the_handbook_has_both_languages_in_their_direction(handbook: _Reader) -> None:
    sections = [attributes for tag, attributes in handbook.tags if tag == "section"]
    assert [(each["lang"], each["dir"]) for each in sections] == [("fa", "rtl"), ("en", "ltr")]


def test_the_handbook_needs_nothing_from_elsewhere_and_escapes_everything(
    handbook: _Reader,
) -> None:
    assert {tag for tag, _ in handbook.tags} & {"b", "script", "img", "link", "iframe"} == set()
    links = {attributes.get("href") for tag, attributes in handbook.tags if tag == "a"}
    assert links == {"#fa", "#en"}
    assert "Spend <b> (IRR)" in handbook.texts


@pytest.mark.parametrize(
    "text",
    [
        "the last 12 months, today included",
        "۱۲ ماه گذشته، با امروز",
        "below 1,000: 0 points",
        "از ۱٬۰۰۰ به بالا: ۵۰ امتیاز",
        "1: 5 points",
        "anything else: 0 points",
        "group 1 of 2, the lowest values first: 1 points",
        "unknown: 3 points",
        "if value > 3: 2",
        "0 gives 0 points, 9 gives 100, in between in proportion",
        "if value > 2: 4 points",
        "the value is the points",
        "the best 20 %",
        "۲۰ درصد برتر",
        "from 50",
        "A grade is lost only 2 below its limit.",
        "A worse grade is shown only after 90 days.",
        "درجهٔ پایین‌تر تنها پس از ۹۰ روز نشان داده می‌شود.",
        "At most 1 steps down at a time.",
        "Spend <b>: Buy more",
        "Sales",
        "Stay",
        "طلا",
        "Paid & done",
        "وضعیت ۲",
    ],
)
def test_the_handbook_says(handbook: _Reader, text: str) -> None:
    assert text in handbook.texts


def test_the_schema_is_written_where_editors_look(tmp_path: Path) -> None:
    file = tmp_path / "schema.json"
    done("schema", "--out", file)
    stored = (ROOT / "config" / "rules.schema.json").read_text(encoding="utf-8")
    assert file.read_text(encoding="utf-8") == stored == done("schema", "--out", "-").out


def test_what_only_people_read_moves_no_version() -> None:
    keys = "enabled: false\nhistory: true\nsnapshots: month\n"
    plain, kept = (parse_model(load_document(t, "m"), {}) for t in (MODEL, MODEL + keys))
    assert model_version(plain) == model_version(kept)
