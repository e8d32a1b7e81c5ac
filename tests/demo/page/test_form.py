"""Editing on the form of the demo page in a real browser: rows behind a score, as stored."""

from __future__ import annotations

from collections import Counter

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.demo.visiting import Visit
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
    page.wait_for_selector(".gs-card")
    return page


def test_a_saved_row_is_stored_as_the_form_says(visit: Visit) -> None:
    invoice = _invoice(visit.line)
    page = _form(visit, invoice["_customerid_value"])
    row = _line(page, invoice)
    row.get_by_label("Status").select_option(label="Paid")
    row.get_by_label("Total Amount").fill("500,000")
    row.get_by_label("Total Amount").press("Enter")
    expect(page.locator(".toast", has_text="Saved")).to_be_visible()
    expect(row.get_by_role("button", name="Save")).to_be_disabled()
    stored = visit.line.api("GET", f"invoices({invoice['invoiceid']})").json()
    assert (stored["statecode"], stored["statuscode"], stored["totalamount"]) == (2, 100001, 500000)


def test_a_save_over_somebody_elses_change_says_so_and_may_be_repeated(visit: Visit) -> None:
    invoice = _invoice(visit.line)
    page = _form(visit, invoice["_customerid_value"])
    row = _line(page, invoice)
    visit.line.api("PATCH", f"invoices({invoice['invoiceid']})", {"name": "other"}, If_Match="*")
    row.get_by_label("Total Amount").fill("123")
    row.get_by_role("button", name="Save").click()
    expect(page.get_by_role("dialog")).to_contain_text("version")
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
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
