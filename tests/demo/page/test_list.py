"""The list of the demo page in a real browser: grades, search, pages, both languages."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from playwright.sync_api import Page, expect

from tests.demo.visiting import Visit

pytestmark = pytest.mark.browser
PERSIAN_DIGITS = re.compile("[۰-۹]")
LATIN_DIGITS = re.compile("[0-9]")
FIRST_OPTION = 921_500_000


def _lines(page: Page) -> list[str]:
    page.wait_for_selector("tbody tr")
    return page.locator("tbody tr").all_inner_texts()


@pytest.mark.parametrize(
    ("grade", "colour"), [("A", "#107C10"), ("B", "#2B88D8"), ("C", "#C19C00"), ("D", "#A4262C")]
)
def test_the_list_shows_each_grade_in_the_models_colour(
    visit: Visit, grade: str, colour: str
) -> None:
    page = visit.open()
    page.get_by_label("Grade", exact=True).select_option(label=grade)
    page.wait_for_function(
        "grade => document.querySelector('.chip')?.innerText === grade", arg=grade
    )
    chips = page.locator("tbody .chip")
    assert set(chips.all_inner_texts()) == {grade}
    assert chips.first.evaluate("chip => chip.style.getPropertyValue('--tone')") == colour
    rows = visit.line.rows("accounts?$select=gs_grade&$filter=gs_score ne null")
    stored = [row for row in rows if "ABCD"[row["gs_grade"] - FIRST_OPTION] == grade]
    expect(chips).to_have_count(len(stored))


def test_search_narrows_the_list_and_says_so_when_nothing_is_left(visit: Visit) -> None:
    rows = visit.line.rows("accounts?$select=name&$filter=gs_score ne null")
    name, same = Counter(row["name"] for row in rows).most_common()[-1]
    page = visit.open()
    page.get_by_label("Search").fill(name)
    expect(page.locator("tbody tr")).to_have_count(same)
    expect(page.locator("tbody tr")).to_contain_text(name)
    page.get_by_label("Search").fill("no such customer's name")
    expect(page.locator("tbody tr")).to_contain_text("Nothing matches")


def test_the_list_is_sorted_by_score_and_turned_round_by_its_heading(visit: Visit) -> None:
    page = visit.open()
    best = _lines(page)[0]
    page.get_by_role("button", name="Score ↓").click()
    expect(page.locator("tbody tr").first).not_to_have_text(best)
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("Score")


def test_the_second_page_goes_on_where_the_first_ended(visit: Visit) -> None:
    page = visit.open()
    first = _lines(page)
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_text("Page 2")).to_be_visible()
    assert len(first) == 50
    assert not set(first) & set(_lines(page))
    page.get_by_role("button", name="Previous").click()
    expect(page.get_by_text("Page 1")).to_be_visible()
    assert _lines(page) == first


def test_persian_turns_the_page_round_and_is_remembered(visit: Visit) -> None:
    page = visit.open()
    page.get_by_role("button", name="فارسی").click()
    for _ in range(2):
        expect(page.locator("html")).to_have_attribute("dir", "rtl")
        expect(page.locator("html")).to_have_attribute("lang", "fa")
        expect(page.get_by_role("heading", name="درجه‌بندی مشتری")).to_be_visible()
        expect(page.locator("td.number").first).to_have_text(PERSIAN_DIGITS)
        expect(page.locator("td.number").first).not_to_have_text(LATIN_DIGITS)
        expect(page.locator("tbody tr").first).to_contain_text("۱۴۰۵")
        page.reload()


def test_the_orders_have_a_list_and_a_form_of_their_own(visit: Visit) -> None:
    page = visit.open()
    page.get_by_role("link", name="Order priority").click()
    expect(page.get_by_role("heading", name="Order priority")).to_be_visible()
    page.locator("tbody a").first.click()
    expect(page.locator(".gs-grade")).to_have_text(re.compile("P[1-4]"))
    page.locator(".gs-details summary").click()
    expect(page.locator(".gs-part", has_text="Days left")).to_be_visible()
