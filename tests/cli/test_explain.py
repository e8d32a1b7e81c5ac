"""``gradesys explain`` for a case's record: a table that adds up, two calendars, two languages."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import click
import pytest

from tests.cli.running import done

CASES = """
model:
  table: account
  title: {en: Worth, fa: ارزش}
  population: {statecode: 0}
  indicators:
    spend: {type: aggregate, of: invoice, lookup: customerid, op: sum, column: totalamount_base,
            window: {date: createdon, period: month, calendar: jalali}, group: money, weight: 0.333,
            title: {en: Spend, fa: خرید}, advice: {en: Buy more, fa: بیشتر بخرید}, reason: little,
            baseline_points: 300}
    code: {type: column, column: accountnumber, points: {map: {"0012": 7}, otherwise: 1}}
    vip: {type: column, column: gs_vip, points: {map: {true: 5}, otherwise: 0}, weight: -1}
  score: {base: 3, groups: {money: {max: 20}}, scale: {from: [0, 50], to: [0, 100]}, decimals: 1}
  reasons: {}
  grades:
    bands: [{grade: A, min: 80, title: {en: Gold, fa: طلا}}, {grade: B, advice: {en: Keep on}}]
tables:
  account:
    - {accountid: a1, statecode: 0, accountnumber: "0012", gs_vip: true}
    - {accountid: a2, statecode: 1}
    - {accountid: a3, statecode: 0}
  invoice:
    - {invoiceid: i1, customerid: a1, customerid@type: account, totalamount_base: 100,
       createdon: "2026-06-01"}
    - {invoiceid: i2, customerid: a3, customerid@type: account, totalamount_base: 1234567,
       createdon: "2026-06-01"}
cases:
  - {name: first, as_of: "2026-06-15T12:00:00+03:30", record: a1}
  - {name: outside, as_of: "2026-06-15T12:00:00+03:30", record: a2}
  - {name: large, as_of: "2026-06-15T12:00:00+03:30", record: a3}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "cases.yaml"
    path.write_text(CASES, encoding="utf-8")
    return path


def cells(out: str) -> list[list[str]]:
    rows = (line for line in out.splitlines() if line.startswith("│"))
    return [[cell.strip() for cell in line.strip("│").split("│")] for line in rows]


def test_contributions_groups_base_scale_and_rounding_add_up_to_the_score(file: Path) -> None:
    found = done("explain", "--case", file, "first")
    *rows, score = cells(found.out)
    assert rows[0] == ["Spend", "100", "100", "0.333", "33.300"]
    assert [row[0] for row in rows[3:]] == ["limit of group money", "base", "scale and limits"]
    assert sum(Decimal(row[-1]) for row in rows) == Decimal(score[-1]) == Decimal("50.0")


def test_text_that_looks_like_a_number_stays_as_it_is(file: Path) -> None:
    rows = cells(done("explain", "--case", file, "first").out)
    assert rows[1][:2] == ["code", "0012"]
    assert rows[2][:2] == ["vip", "yes"]


def test_windows_are_told_in_both_calendars_with_their_last_day(file: Path) -> None:
    assert "Spend: from 2026-05-22 (1405/03/01) to 2026-06-21 (1405/03/31)" in (
        done("explain", "--case", file, "first").out
    )
    assert "خرید: از ۱۴۰۵/۰۳/۰۱ (۲۰۲۶-۰۵-۲۲) تا ۱۴۰۵/۰۳/۳۱ (۲۰۲۶-۰۶-۲۱)" in (
        done("explain", "--lang", "fa", "--case", file, "first").out
    )


def test_what_is_missing_and_what_raises_it_is_said(file: Path) -> None:
    lines = done("explain", "--case", file, "first").out.splitlines()
    assert lines[0] == "Worth: B, score 50.0"
    assert lines[-4:] == ["30.0 missing to Gold", "what raises it:", "  Keep on", "  Buy more"]


def test_persian_has_its_own_digits_and_separators(file: Path) -> None:
    out = done("explain", "--lang", "fa", "--case", file, "large").out
    assert "۱٬۲۳۴٬۵۶۷" in out
    assert out.startswith("ارزش: B، امتیاز ۴۶٫۰")
    assert not set("0123456789") & set("".join(map("".join, cells(out))))


def test_a_record_outside_the_population_has_no_table(file: Path) -> None:
    out = done("explain", "--case", file, "outside").out
    assert "outside the population" in out
    assert cells(out) == []


def test_another_instant_and_data(file: Path) -> None:
    later = ("--as-of", "2026-07-15T12:00:00+03:30")
    (document,) = json.loads(done("explain", "--json", *later, "--case", file, "first").out)
    assert document["as_of"] == "2026-07-15T08:30:00Z"
    assert document["parts"][0]["value"] == "0"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "name a table and a record, or --case FILE NAME"),
        (["--case", "{file}", "frist"], "has no case 'frist'; did you mean 'first'?"),
    ],
)
def test_what_cannot_be_explained_is_said(file: Path, arguments: list[str], says: str) -> None:
    with pytest.raises(click.UsageError) as caught:
        done("explain", *(word.format(file=file) for word in arguments))
    assert says in caught.value.message
