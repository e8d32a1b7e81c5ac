"""The form of the demo page in a real browser: what a CRM user sees when an invoice is paid."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.demo.conftest import Visit
from tests.line.running import Json, Line

pytestmark = pytest.mark.browser
INVOICES = "[data-table=invoice] tr[data-row]"
OPEN = (
    "invoices?$select=invoiceid,totalamount,_customerid_value&$filter=statecode eq 0"
    " and customerid_account/statecode eq 0 and customerid_account/gs_score lt 40"
    "&$orderby=createdon desc"
)


def _invoice(line: Line) -> Json:
    """An open invoice of a poorly graded account."""
    return line.rows(OPEN)[0]


def _line(page: Page, invoice: Json) -> Locator:
    lines = page.locator(INVOICES)
    row = page.locator(f"tr[data-row='{invoice['invoiceid']}']")
    page.wait_for_selector(INVOICES)
    while row.count() == 0:
        shown = lines.count()
        page.locator("[data-table=invoice]").get_by_role("button", name="Show more").click()
        expect(lines).not_to_have_count(shown)
    return row


def _form(visit: Visit, account: str) -> Page:
    page = visit.open(f"#/customer_grade/{account}")
    page.wait_for_selector(".gauge")
    return page


def _score(page: Page) -> str:
    return page.locator(".gauge-score").text_content() or ""


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", "").replace("\N{MINUS SIGN}", "-"))


def test_paying_an_invoice_changes_the_grade_on_the_open_form_by_itself(visit: Visit) -> None:
    invoice = _invoice(visit.line)
    page = _form(visit, invoice["_customerid_value"])
    page.evaluate("window.stillTheSamePage = true")
    grade = page.locator(".scorecard .chip").inner_text()
    row = _line(page, invoice)
    row.get_by_label("Status").select_option(label="Paid")
    row.get_by_label("Total Amount").fill("500,000")
    row.get_by_label("Total Amount").press("Enter")
    expect(page.locator(".toast", has_text="Grade is now")).to_be_visible()
    expect(page.locator(".scorecard .chip")).not_to_have_text(grade)
    expect(row.get_by_role("button", name="Save")).to_be_disabled()
    assert page.evaluate("window.stillTheSamePage")
    stored = visit.line.api("GET", f"invoices({invoice['invoiceid']})").json()
    assert (stored["statecode"], stored["statuscode"], stored["totalamount"]) == (2, 100001, 500000)


def test_the_contributions_shown_add_up_to_the_score_shown(visit: Visit) -> None:
    page = _form(visit, _invoice(visit.line)["_customerid_value"])
    shares = [
        _number(text) for text in page.locator(".parts tbody td:last-child").all_inner_texts()
    ]
    total = _number(page.locator(".parts tfoot td").inner_text())
    assert len(shares) >= 2
    assert sum(shares) == total == _number(_score(page))


def test_reasons_are_in_words_and_the_next_grade_says_what_is_missing(visit: Visit) -> None:
    page = _form(visit, _invoice(visit.line)["_customerid_value"])
    expect(page.locator(".reasons li").first).to_contain_text("Paid invoices: ")
    expect(page.locator(".next")).to_contain_text("Missing to grade")
    expect(page.locator(".missing")).to_contain_text("points")


def test_the_recompute_button_puts_a_spoilt_score_right_and_says_so(visit: Visit) -> None:
    account = _invoice(visit.line)["_customerid_value"]
    page = _form(visit, account)
    right = _score(page)
    visit.line.api("PATCH", f"accounts({account})", {"gs_score": 99}, If_Match="*")
    expect(page.locator(".gauge-score")).to_have_text("99")
    page.get_by_role("button", name="Recompute").click()
    expect(page.locator(".toast", has_text="Recomputed")).to_contain_text(right)
    expect(page.locator(".gauge-score")).to_have_text(right)


def test_a_save_over_somebody_elses_change_says_so_and_may_be_repeated(visit: Visit) -> None:
    invoice = _invoice(visit.line)
    page = _form(visit, invoice["_customerid_value"])
    row = _line(page, invoice)
    visit.line.api("PATCH", f"invoices({invoice['invoiceid']})", {"name": "other"}, If_Match="*")
    row.get_by_label("Total Amount").fill("123")
    row.get_by_role("button", name="Save").click()
    expect(page.get_by_role("dialog")).to_contain_text("version")
    page.get_by_role("button", name="Close").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    row.get_by_role("button", name="Save").click()
    expect(page.locator(".toast", has_text="Saved")).to_be_visible()
    assert ["412" in error for error in visit.errors] == [True]
    visit.errors.clear()


def test_show_more_adds_the_next_invoices_once(visit: Visit) -> None:
    rows = visit.line.rows(
        "invoices?$select=_customerid_value&$filter=customerid_account/name ne null"
    )
    owners = Counter(row["_customerid_value"] for row in rows)
    account, count = next(item for item in owners.items() if 10 < item[1] <= 20)
    page = _form(visit, account)
    more = page.locator("[data-table=invoice]").get_by_role("button", name="Show more")
    expect(page.locator(INVOICES)).to_have_count(10)
    more.dblclick()
    expect(more).to_be_hidden()
    expect(page.locator(INVOICES)).to_have_count(count)


def test_an_amount_that_is_none_is_not_sent(visit: Visit) -> None:
    invoice = _invoice(visit.line)
    page = _form(visit, invoice["_customerid_value"])
    row = _line(page, invoice)
    row.get_by_label("Total Amount").fill("a lot")
    row.get_by_role("button", name="Save").click()
    expect(row.get_by_label("Total Amount")).to_have_attribute("aria-invalid", "true")
    stored = visit.line.api("GET", f"invoices({invoice['invoiceid']})").json()
    assert stored["totalamount"] == invoice["totalamount"]


def test_persian_amounts_are_shown_and_understood(visit: Visit) -> None:
    invoice = _invoice(visit.line)
    page = _form(visit, invoice["_customerid_value"])
    page.get_by_role("button", name="فارسی").click()
    row = _line(page, invoice)
    row.get_by_label("مبلغ کل").fill("۱۲٬۰۰۰")
    row.get_by_role("button", name="ذخیره").click()
    expect(page.locator(".toast")).to_contain_text("ذخیره شد")
    stored = visit.line.api("GET", f"invoices({invoice['invoiceid']})").json()
    assert stored["totalamount"] == 12_000


def test_the_page_asks_nothing_that_the_web_api_does_not_know(visit: Visit) -> None:
    visit.open()
    visit.page.wait_for_selector(".chip")
    assert visit.line.stats()["unsupported"] == 0
