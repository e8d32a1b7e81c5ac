"""The demo page over packs in a real browser: each has a list, a form with «why», and a grade that
moves when a row behind it is changed or added."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, expect

from emulator.sample import Sizes, whole_org
from tests.demo.visiting import Visit, visiting
from tests.line.packed import packed
from tests.line.running import Line
from tests.packs.shipped import models

pytestmark = pytest.mark.browser
PACKS = models()
ACCOUNTS = 30
BY_ITSELF_MS = 30_000
TASKS = "[data-table=msdyn_projecttask] tr[data-row]"


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    org = whole_org(datetime.now(UTC), Sizes.of(ACCOUNTS))
    with packed(tuple(PACKS.values()), org, tmp_path_factory.mktemp("packs")) as line:
        yield line


@pytest.fixture
def pack_visit(everything: Line, browser: Browser) -> Iterator[Visit]:
    yield from visiting(everything, browser)


def _worst(page: Page) -> None:
    """Open the record with the lowest score."""
    page.get_by_role("button", name="Score ↓").click()
    expect(page.locator("th[aria-sort=ascending]")).to_be_visible()
    page.locator("tbody a").first.click()
    page.wait_for_selector(".gs-card")


def test_a_task_that_is_done_moves_the_projects_grade_on_the_open_form(visit: Visit) -> None:
    page = visit.open("#/project_progress")
    _worst(page)
    before = page.locator(".gs-score").text_content() or ""
    task = page.locator(TASKS).first
    expect(page.locator(TASKS)).to_have_count(6)
    expect(task.get_by_role("button", name="Save")).to_be_disabled()
    task.get_by_label("Completed effort").fill("5,000")
    task.get_by_label("Completed effort").press("Enter")
    expect(page.locator(".gs-score")).not_to_have_text(before, timeout=BY_ITSELF_MS)
    expect(page.locator(".gs-losses li").first).to_be_visible()


def test_a_row_that_is_added_counts_as_soon_as_it_says_something(visit: Visit) -> None:
    page = visit.open("#/project_progress")
    _worst(page)
    page.wait_for_selector(TASKS)
    page.get_by_role("button", name="Add").click()
    expect(page.locator(TASKS)).to_have_count(7)
    task = page.locator(TASKS).first
    expect(task.get_by_label("Name")).to_have_value("New")
    before = page.locator(".gs-score").text_content() or ""
    task.get_by_label("Planned effort").fill("900")
    task.get_by_label("Completed effort").fill("900")
    task.get_by_role("button", name="Save").click()
    expect(page.locator(".gs-score")).not_to_have_text(before, timeout=BY_ITSELF_MS)


def test_persian_shows_the_packs_own_words_from_right_to_left(visit: Visit) -> None:
    page = visit.open("#/project_progress")
    page.get_by_role("button", name="فارسی").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.get_by_role("heading", name="ارزشیابی پروژه")).to_be_visible()
    expect(page.locator("tbody .chip").first).to_have_text(re.compile("سبز|زرد|قرمز"))
    page.locator("tbody a").first.click()
    expect(page.get_by_role("heading", name="کارهای پروژه")).to_be_visible()
    expect(page.locator(TASKS).first.get_by_label("کار انجام‌شده")).to_be_visible()


@pytest.mark.long
@pytest.mark.parametrize("pack", PACKS)
def test_every_pack_has_a_list_and_a_form_that_explains(pack_visit: Visit, pack: str) -> None:
    page, view = pack_visit.open(f"#/{pack}"), PACKS[pack]
    expect(page.get_by_role("heading", name=view.title.en, exact=True)).to_be_visible()
    expect(page.locator("tbody .chip").first).to_be_visible()
    page.locator("tbody a").first.click()
    expect(page.locator(f"[data-note=gs_grade_{pack}]")).to_contain_text(f"{view.title.en}: ")
    expect(page.locator(".gs-card")).to_have_count(1 if view.output.score else 0)
    expect(page.locator("[data-row]").first).to_be_visible()
    assert pack_visit.line.stats()["unsupported"] == 0
