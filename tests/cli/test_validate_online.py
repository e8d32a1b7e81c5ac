"""``gradesys validate --online``: what only an organisation's metadata and rows can tell."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from gradesys.rules import fanout
from tests.cli.running import Done, done
from tests.emulator.conftest import start_server
from tests.emulator.serving import OrgServer

__all__ = ["start_server"]

HEAD = "schema: gradesys/v1\nid: m\ntable: account\n"
OUT = "output: {score: revenue}\n"


@pytest.fixture
def org(start_server: Callable[..., OrgServer]) -> OrgServer:
    return start_server()


def checked(org: OrgServer, tmp_path: Path, text: str) -> Done:
    file = tmp_path / "m.yaml"
    file.write_text(HEAD + text, encoding="utf-8")
    settings = {"GRADESYS_DATAVERSE_URL": org.url, "GRADESYS_AUTH": "none"}
    found = done("validate", "--online", file, **settings)
    return Done(found.out.replace(f"{file}:", ""), found.err, found.code)


def column(rest: str) -> str:
    return f"indicators: {{x: {{type: column, column: {rest}}}}}\n{OUT}"


def rows(rest: str) -> str:
    return f"indicators: {{x: {{type: aggregate, of: invoice, lookup: customerid, {rest}}}}}\n{OUT}"


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        (column("creditlimt"), "GS041: indicators.x.column: table 'account' has no column"),
        (column("creditlimt"), "did you mean 'creditlimit'?"),
        (column("name.city"), "GS042: indicators.x.column: 'name' is no lookup"),
        (rows("op: sum, column: name"), "GS043: indicators.x.column: a column of kind text"),
        (
            rows("op: count, window: {date: name, last: 3 days}"),
            "GS043: indicators.x.window.date: a column of kind text",
        ),
        (
            rows("op: count, filter: {statecode: paid}"),
            "GS043: indicators.x.filter.statecode: a column of kind",
        ),
        (
            "indicators: {x: {type: aggregate, of: contact, op: count, "
            "path: [{parent: contact, lookup: transactioncurrencyid}]}}\n" + OUT,
            "GS042: indicators.x.path.0.lookup: 'transactioncurrencyid' of account points to",
        ),
        (
            "indicators: {}\nscore: {max: 100000000000000000}\n" + OUT,
            "GS044: output.score: column 'revenue' holds",
        ),
        (
            "indicators: {}\nscore: {decimals: 9}\n" + OUT,
            "GS044: output.score: column 'revenue' keeps",
        ),
        (
            "indicators: {}\noutput: {score: name}\n",
            "GS044: output.score: column 'name' is of kind text; score needs one of",
        ),
        (
            "indicators: {}\ngrades: {bands: [{grade: Gold}]}\n"
            "output: {grade: accountcategorycode}\n",
            "GS045: output.grade: choice 'accountcategorycode' has no option for grade 'Gold'",
        ),
        (
            "indicators: {}\noutput: {score: gs_score}\n",
            "GS041: output.score: table 'account' has no column 'gs_score'",
        ),
    ],
)
def test_what_the_organisation_lacks_is_an_error(
    org: OrgServer, tmp_path: Path, text: str, finding: str
) -> None:
    found = checked(org, tmp_path, text)
    assert finding in found.out
    assert found.code == 1


def test_a_sum_over_currencies_is_a_warning(org: OrgServer, tmp_path: Path) -> None:
    found = checked(org, tmp_path, rows("op: sum, column: totalamount"))
    assert "warning GS053: indicators.x.column: sums over currencies" in found.out
    assert found.code == 0


def test_a_change_that_touches_many_records_is_a_warning(org: OrgServer, tmp_path: Path) -> None:
    territory = org.create("contacts", lastname="Boss")
    for number in range(4):
        bind = {"primarycontactid__bind": f"/contacts({territory})"}
        org.create("accounts", name=str(number), **bind)
    assert checked(org, tmp_path, column("primarycontactid.creditlimit")).out == ""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fanout, "INLINE", 3)
        found = checked(org, tmp_path, column("primarycontactid.creditlimit"))
    assert (
        "warning GS055: indicators.x.column: one change of a row of contact touches " in found.out
    )
    assert found.code == 0
