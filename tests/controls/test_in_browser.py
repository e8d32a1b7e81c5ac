"""The committed control in Chromium: directions, digits, and that nothing is cut off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.controls.shown import ENGLISH, GRADES, PERSIAN, User, show
from tests.controls.written import written

pytestmark = pytest.mark.browser

COLUMNS: dict[str, Any] = {
    "score": {"raw": 61.65},
    "grade": {"raw": 921500001, "attributes": {"Options": GRADES}},
    "reasons": {"raw": "pays_late,no_visits,few_sales"},
    "explanation": {"raw": written("sum")},
    "trend": {"raw": 921500000},
    "status": {"raw": 921500001},
    "scoredOn": {"raw": "2026-06-15T08:30:00Z"},
}
USERS = pytest.mark.parametrize("user", [ENGLISH, PERSIAN])
WIDER_THAN_THE_CARD = """
() => {
  const card = document.querySelector(".gs-card").getBoundingClientRect();
  return [...document.querySelectorAll(".gs-card *")]
    .filter((each) => each.getClientRects().length && each.textContent.trim())
    .filter((each) => {
      const box = each.getBoundingClientRect();
      const cut = each.clientWidth > 0 && each.scrollWidth > each.clientWidth + 1;
      return cut || box.left < card.left - 1 || box.right > card.right + 1;
    })
    .map((each) => each.textContent);
}
"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page whose scripts may not complain."""
    errors: list[str] = []
    page = browser.new_page(viewport={"width": 900, "height": 900})
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    yield page
    page.close()
    assert errors == []


@USERS
@pytest.mark.parametrize("width", [220, 800])
def test_nothing_is_cut_off_or_sticks_out(page: Page, user: User, width: int) -> None:
    show(page, user, width, **COLUMNS)
    page.locator("summary").click()

    assert page.locator(".gs-total").is_visible()
    assert page.evaluate(WIDER_THAN_THE_CARD) == []


@USERS
def test_the_grade_stands_where_reading_begins(page: Page, user: User) -> None:
    show(page, user, 420, **COLUMNS)
    grade, score = (page.locator(name).bounding_box() for name in (".gs-grade", ".gs-score"))
    assert grade is not None
    assert score is not None

    assert (grade["x"] > score["x"]) == user.rtl
    assert page.locator(".gs-card").get_attribute("dir") == ("rtl" if user.rtl else "ltr")


def test_chromium_shows_persian_digits_and_the_jalali_day(page: Page) -> None:
    show(page, PERSIAN, 420, **COLUMNS)

    assert page.locator(".gs-score").inner_text() == "۶۱٫۶۵"
    assert page.locator(".gs-as-of").inner_text() == "در ۲۵ خرداد ۱۴۰۵، ۱۲:۰۰"


def test_a_minus_stands_before_its_number_in_persian_too(page: Page) -> None:
    show(page, PERSIAN, 420, **COLUMNS)
    spot = """
    () => {
      const amount = document.querySelector(".gs-losses li span:last-child").firstChild;
      const at = (index) => {
        const range = document.createRange();
        range.setStart(amount, index);
        range.setEnd(amount, index + 1);
        return range.getBoundingClientRect().left;
      };
      const minus = amount.data.indexOf("\\u2212");
      return [at(minus), at(minus + 1)];
    }
    """

    minus, digit = page.evaluate(spot)

    assert minus < digit


def test_the_details_open_by_keyboard(page: Page) -> None:
    show(page, ENGLISH, 420, **COLUMNS)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert page.locator(".gs-total td").inner_text() == "61.65"
