"""What deploy brings, on the open form in a real browser: the card, the script and the button."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from tests.demo.page.test_form import _invoice, _line
from tests.demo.visiting import Visit
from tests.line.running import Json, Line

pytestmark = [pytest.mark.browser, pytest.mark.first]
BY_ITSELF_MS = 30_000
NOTE = "[data-note=gs_grade_customer_grade]"
PRESSED = "[data-note=gs_recompute]"
RECOMPUTE, RECOMPUTE_FA = "Recompute grade", "محاسبهٔ دوبارهٔ درجه"
GREEN = "rgb(16, 124, 16)"
LATIN = re.compile("[0-9]")
CLIPPED = """(roots) => roots.flatMap((root) => [root, ...root.querySelectorAll("*")])
  .filter((each) => each.clientWidth && each.scrollWidth > each.clientWidth + 1)
  .map((each) => `${each.className}: ${each.textContent}`)"""


def _form(visit: Visit, account: str) -> Page:
    page = visit.open(f"#/customer_grade/{account}")
    expect(page.locator(NOTE)).to_be_visible()
    return page


def _poor(line: Line) -> str:
    account: str = _invoice(line)["_customerid_value"]
    return account


def _press(page: Page, label: str) -> None:
    page.get_by_role("toolbar").get_by_role("button", name=label, exact=True).click()


def _order(line: Line) -> Json:
    return line.rows("salesorders?$filter=statecode eq 0 and gs_score ne null&$top=1")[0]


def test_paying_an_invoice_changes_the_card_on_the_open_form_by_itself(visit: Visit) -> None:
    invoice = _invoice(visit.line)
    page = _form(visit, invoice["_customerid_value"])
    page.evaluate("window.stillTheSamePage = true")
    grade, note = page.locator(".gs-grade").inner_text(), page.locator(NOTE).inner_text()
    row = _line(page, invoice)
    row.get_by_label("Status").select_option(label="Paid")
    row.get_by_label("Total Amount").fill("500,000")
    row.get_by_label("Total Amount").press("Enter")
    expect(page.locator(".gs-grade")).not_to_have_text(grade, timeout=BY_ITSELF_MS)
    expect(page.locator(NOTE)).not_to_have_text(note)
    assert page.evaluate("window.stillTheSamePage")


def test_the_button_puts_a_spoilt_grade_right_and_says_so(visit: Visit) -> None:
    account = _poor(visit.line)
    page = _form(visit, account)
    right, grade = page.locator(".gs-score").inner_text(), page.locator(".gs-grade").inner_text()
    spoilt = {"gs_score": 99, "gs_grade": 921500000}
    visit.line.api("PATCH", f"accounts({account})", spoilt, If_Match="*")
    expect(page.locator(".gs-score")).to_have_text("99", timeout=BY_ITSELF_MS)
    expect(page.locator(".gs-grade")).to_have_text("A")
    expect(page.locator(".gs-grade")).to_have_css("background-color", GREEN)
    _press(page, RECOMPUTE)
    expect(page.locator(PRESSED)).to_contain_text(f"Recomputed: grade {grade}, score {right}")
    expect(page.locator(".gs-score")).to_have_text(right)
    expect(page.locator(".gs-grade")).to_have_text(grade)


def test_what_is_typed_is_saved_before_it_is_recomputed(visit: Visit) -> None:
    order = _order(visit.line)
    page = visit.open(f"#/order_priority/{order['salesorderid']}")
    expect(page.locator(".gs-card")).to_be_visible()
    field = page.locator(".own input[type=date]").first
    field.fill("2027-03-04")
    expect(page.locator(".own").get_by_role("button", name="Save")).to_be_enabled()
    _press(page, RECOMPUTE)
    expect(page.locator(PRESSED)).to_contain_text("Recomputed")
    expect(page.locator(".own").get_by_role("button", name="Save")).to_be_disabled()
    stored = visit.line.api("GET", f"salesorders({order['salesorderid']})").json()
    assert stored["requestdeliveryby"].startswith("2027-03-04")


def test_the_details_of_the_card_add_up_to_the_score(visit: Visit) -> None:
    page = _form(visit, _poor(visit.line))
    page.locator(".gs-details summary").click()
    amounts = page.locator(".gs-part td, .gs-step td").all_inner_texts()
    total = page.locator(".gs-total td").inner_text()
    assert len(amounts) >= 2
    assert sum(map(_number, amounts)) == _number(total)
    assert _number(total) == _number(page.locator(".gs-score").inner_text())
    expect(page.locator(".gs-next")).to_contain_text("missing to")


def _number(text: str) -> Decimal:
    return Decimal(re.sub("[^0-9.-]", "", text.replace("\N{MINUS SIGN}", "-")))


def test_english_runs_from_left_to_right_and_nothing_is_clipped(visit: Visit) -> None:
    page = _form(visit, _poor(visit.line))
    page.locator(".gs-details summary").click()
    expect(page.locator("html")).to_have_attribute("dir", "ltr")
    expect(page.locator(".gs-as-of")).to_contain_text("2026")
    assert _clipped(page) == []


def test_persian_runs_from_right_to_left_with_its_digits_and_calendar(visit: Visit) -> None:
    page = _form(visit, _poor(visit.line))
    page.get_by_role("button", name="فارسی").click()
    expect(page.locator(NOTE)).to_contain_text("درجه‌بندی مشتریان")
    page.locator(".gs-details summary").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    assert page.locator(".gs-card").evaluate("card => getComputedStyle(card).direction") == "rtl"
    for place in (".gs-score", ".gs-as-of", ".gs-total td", NOTE):
        expect(page.locator(place)).not_to_have_text(LATIN)
    expect(page.locator(".gs-as-of")).to_contain_text("۱۴۰۵")
    _press(page, RECOMPUTE_FA)
    expect(page.locator(PRESSED)).to_contain_text(re.compile("محاسبه شد: .*امتیاز [۰-۹٫]+"))
    assert _clipped(page) == []


def _clipped(page: Page) -> list[str]:
    """Texts that are wider than their place, on a wide window and a narrow one."""
    found: list[str] = []
    for width in (1280, 700):
        page.set_viewport_size({"width": width, "height": 900})
        places = page.locator(".gs-card, .form-notes, .commands, .title")
        found += places.evaluate_all(CLIPPED)
    return found


def test_a_form_that_was_left_asks_for_its_record_no_more(visit: Visit) -> None:
    account = _poor(visit.line)
    visit.page.clock.install()
    page = _form(visit, account)
    page.get_by_role("link", name="Back").click()
    page.wait_for_selector("tbody tr")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.run_for(120_000)
    assert [url for url in asked if account in url] == []
