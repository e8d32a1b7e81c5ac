"""Faults 24 to 30 and 40: rule files, values and dates that are broken, missing or hostile."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from gradesys.app import App
from gradesys.dataverse.literals import guid
from gradesys.errors import GradesysError, PermanentError, RecordError, RuleError
from gradesys.records import Column, Kind, Option
from gradesys.rules.clock import Calendar
from gradesys.rules.document import load_document
from gradesys.rules.fitting import Target, fit
from gradesys.settings import Settings
from tests.rules.scored import card, compiled, result
from tests.schedules.scene import CUSTOMERS, scene

BOMB = "\n".join(
    ["a0: &a0 [x]", *(f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9))]
)


def test_fault_24_a_rule_file_that_breaks_leaves_the_last_good_version_in_force(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gradesys.loading.LOOK_AGAIN_S", 0.0)
    monkeypatch.setattr("gradesys.loading.open_client", lambda *_: scene().emulated.client())
    file = tmp_path / "rules" / "customers.yaml"
    file.parent.mkdir()
    file.write_text(CUSTOMERS, encoding="utf-8")
    org = "http://127.0.0.1"
    app = App(Settings(org, rules=file.parent, auth="none", work=tmp_path / "work.sqlite"))
    before = app.rulebook().models
    file.write_text(CUSTOMERS.replace("op: sum", "op: sun"), encoding="utf-8")
    assert app.rulebook().models == before
    assert "customers.yaml:7:" in app.problems()["rules"]


def test_fault_26_a_choice_that_is_missing_is_what_the_rule_says_or_an_error() -> None:
    text = "indicators: {c: {type: column, column: c, points: {map: {1: 30}}, missing_points: -5}}"
    assert card(f"{{{text}}}", "c: 7").score == -5
    grades = Column("gs_grade", Kind.CHOICE, options=(Option(1, {1033: "A"}),))
    with pytest.raises(RecordError, match="no option for 'B'"):
        fit(Target(grades, Calendar(ZoneInfo("UTC")), {"A": Decimal(1)}), "B")


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("a / b", None),
        ("ratio(a, b)", None),
        ("ratio(a, b, 4)", 4),
        ("b ** (0 - 1)", None),
        ("ln(b)", None),
        ("exp(10 ** 16)", None),
    ],
)
def test_fault_28_what_is_no_number_is_null_and_never_infinite(
    expression: str, value: object
) -> None:
    indicators = (
        "a: {type: column, column: a, scored: false}, b: {type: column, column: b, scored: false}"
    )
    text = f'{{indicators: {{{indicators}, x: {{type: expression, expression: "{expression}"}}}}}}'
    try:
        assert card(text, "a: 1, b: 0").values["x"] == value
    except RecordError as error:
        assert value is None, error


@pytest.mark.parametrize(
    ("op", "value"),
    [("sum", 5), ("avg", 5), ("min", 5), ("max", 5), ("count", 3), ("count_distinct", 1)],
)
@pytest.mark.parametrize("window", ["", ", window: {date: createdon, last: 3 days}"])
def test_fault_29_null_amounts_are_skipped_and_null_dates_are_in_no_window(
    op: str, value: int, window: str
) -> None:
    model = compiled(
        "{indicators: {x: {type: aggregate, of: invoice, lookup: customerid, op: "
        f"{op}, column: amount{window}}}}}}}"
    )
    dated = ["2026-06-14", "2026-06-15", "2026-06-15"]
    rows = [
        f"{{invoiceid: i{n}, customerid: a1, customerid@type: account, amount: {amount},"
        f" createdon: {day}}}"
        for n, (amount, day) in enumerate(zip(["5", "null", "null"], dated, strict=True))
    ]
    nowhere = (
        "{invoiceid: i9, customerid: a1, customerid@type: account, amount: 5, createdon: null}"
    )
    rows += [nowhere] if window else []
    found = result([model], f"{{account: [{{accountid: a1}}], invoice: [{', '.join(rows)}]}}")
    assert next(iter(found.cards.values())).values["x"] == value


@pytest.mark.parametrize(
    ("zone", "window", "as_of", "inside", "outside"),
    [
        ("America/New_York", "last: 1 days", "2026-03-08T12:00:00-04:00",
         "2026-03-08T05:00:00Z", "2026-03-08T04:59:59Z"),
        ("America/New_York", "last: 1 days", "2026-03-08T12:00:00-04:00",
         "2026-03-09T03:59:59Z", "2026-03-09T04:00:00Z"),
        ("America/New_York", "last: 1 days", "2026-11-01T12:00:00-05:00",
         "2026-11-02T04:59:59Z", "2026-11-02T05:00:00Z"),
        ("Asia/Tehran", "last: 1 days", "2022-03-22T12:00:00+04:30",
         "2022-03-21T20:30:00Z", "2022-03-21T20:29:59Z"),
        ("UTC", "last: 1 months", "2024-03-29T12:00:00Z",
         "2024-02-29T00:00:00Z", "2024-02-28T23:59:59Z"),
        ("Asia/Tehran", "period: month, calendar: jalali", "2026-06-15T12:00:00+03:30",
         "2026-05-21T20:30:00Z", "2026-05-21T20:29:59Z"),
        ("Asia/Tehran", "period: year, calendar: jalali", "2025-03-20T12:00:00+03:30",
         "2024-03-19T20:30:00Z", "2024-03-19T20:29:59Z"),
    ],
)  # fmt: skip
def test_fault_30_windows_are_half_open_local_days_whatever_the_clocks_and_calendars_do(
    zone: str, window: str, as_of: str, inside: str, outside: str
) -> None:
    model = compiled(
        f"{{timezone: {zone}, indicators: {{x: {{type: aggregate, of: invoice, lookup: customerid,"
        f" op: count, window: {{date: createdon, {window}}}}}}}}}"
    )
    for moment, count in ((inside, 1), (outside, 0)):
        row = "invoiceid: i1, customerid: a1, customerid@type: account"
        tables = f"{{account: [{{accountid: a1}}], invoice: [{{{row}, createdon: '{moment}'}}]}}"
        found = result([model], tables, now=datetime.fromisoformat(as_of))
        assert next(iter(found.cards.values())).values["x"] == count, moment


@pytest.mark.parametrize(
    "text",
    [
        BOMB,
        "[" * 100_000,
        "a: !!python/object/apply:os.system ['true']",
        "id: x\nid: y",
    ],
)
def test_fault_40_a_hostile_document_is_rejected_at_load(text: str) -> None:
    with pytest.raises(RuleError):
        load_document(text, "hostile.yaml")


@pytest.mark.parametrize(
    "expression",
    ["().__class__", "open('x')", "[x for x in (1, 2)]", "a.b", "(lambda: 1)()", "'x' * 9999999"],
)
def test_fault_40_an_expression_cannot_leave_its_sandbox(expression: str) -> None:
    with pytest.raises(GradesysError):
        card(f'{{indicators: {{x: {{type: expression, expression: "{expression}"}}}}}}')


@pytest.mark.parametrize("text", ["x' or 1 eq 1", "1)/$value", "../WhoAmI", ""])
def test_fault_40_an_id_is_parsed_and_never_copied_into_a_query(text: str) -> None:
    with pytest.raises(PermanentError):
        guid(text)


@pytest.mark.parametrize("link", ["https://evil.example/api/data/v9.2/x", "http://127.0.0.1.evil/"])
def test_fault_40_a_link_to_another_host_is_not_followed(link: str) -> None:
    with pytest.raises(PermanentError):
        scene().emulated.client().request("GET", link)
