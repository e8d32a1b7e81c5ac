"""What deploy brings, on lists in a real browser: several records, all of them, and who may not."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.demo.visiting import Visit

pytestmark = pytest.mark.browser
SELECTED, SELECTED_FA, ALL = "Recompute grades", "محاسبهٔ دوبارهٔ درجه‌ها", "Recompute all"
LISTENING = """new MutationObserver(() => {
  const shown = document.querySelector("dialog.progress")?.innerText;
  if (shown && globalThis.told.at(-1) !== shown) globalThis.told.push(shown);
}).observe(document, { childList: true, subtree: true, characterData: true });
globalThis.told = [];"""


def _press(page: Page, label: str) -> None:
    page.get_by_role("toolbar").get_by_role("button", name=label, exact=True).click()


def _bar(page: Page) -> Locator:
    return page.locator(".bar-note")


def test_selected_records_are_recomputed_n_of_total(visit: Visit) -> None:
    page = visit.open()
    page.evaluate(LISTENING)
    page.wait_for_selector("tbody input")
    page.get_by_label("Select all").check()
    total = page.locator("tbody input:checked").count()
    slow = {"match": {"method": "POST", "path": "/api/data/v9.2/$batch"}, "delay_ms": 700}
    visit.line.faults(rules=[slow])
    _press(page, SELECTED)
    expect(_bar(page)).to_contain_text(f"Recomputed: {total} of {total}", timeout=30_000)
    visit.line.faults()
    told = page.evaluate("told")
    assert total == 50
    assert told[0] == "Recomputing…"
    assert any(re.fullmatch(rf"Recomputing: \d+ of {total}", text) for text in told[1:])
    expect(page.locator("tbody input:checked")).to_have_count(0)


def test_nothing_selected_is_said(visit: Visit) -> None:
    page = visit.open()
    _press(page, SELECTED)
    expect(_bar(page)).to_contain_text("Select one or more records first.")
    _bar(page).get_by_role("button", name="Close").click()
    expect(_bar(page)).to_have_count(0)


def test_all_records_are_recomputed_after_a_question_with_their_count(visit: Visit) -> None:
    count = len(visit.line.rows("accounts?$select=accountid"))
    page = visit.open()
    _press(page, ALL)
    dialog = page.get_by_role("dialog", name=ALL)
    expect(dialog).to_contain_text(f"({count})")
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_be_hidden()
    _press(page, ALL)
    dialog.get_by_role("button", name=ALL).click()
    expect(_bar(page)).to_contain_text(re.compile("Recomputed: [0-9]+ of|are being recomputed"))


@pytest.mark.parametrize("place", ["form", "list"])
def test_a_user_without_the_privilege_is_told_whom_to_ask(visit: Visit, place: str) -> None:
    page = visit.open("?user=Reader")
    page.wait_for_selector("tbody a")
    if place == "form":
        page.locator("tbody a").first.click()
        expect(page.locator(".gs-card")).to_be_visible()
        _press(page, "Recompute grade")
    else:
        page.locator("tbody").get_by_label("Select").first.check()
        _press(page, SELECTED)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("You may not recompute scores. Ask an administrator")
    expect(dialog).to_contain_text("0x80040220")
    expect(dialog).to_contain_text("prvCreategs_run")
    _refused(visit)


def test_the_refusal_is_in_persian_for_persian_users(visit: Visit) -> None:
    page = visit.open("?user=Reader")
    page.get_by_role("button", name="فارسی").click()
    page.locator("tbody").get_by_label("انتخاب").first.check()
    _press(page, SELECTED_FA)
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(".dialog-text")).to_contain_text("اجازهٔ محاسبهٔ دوباره را ندارید")
    box = dialog.evaluate(
        "box => [getComputedStyle(box).direction, box.scrollWidth - box.clientWidth]"
    )
    assert box == ["rtl", 0]
    dialog.get_by_role("button", name="تأیید").click()
    expect(dialog).to_be_hidden()
    _refused(visit)


def test_who_acts_is_shown(visit: Visit) -> None:
    page = visit.open("?user=Reader")
    expect(page.locator("#user")).to_have_text("Reader")


def _refused(visit: Visit) -> None:
    """The browser's own word on the refused request."""
    assert ["403" in error for error in visit.errors] == [True]
    visit.errors.clear()
