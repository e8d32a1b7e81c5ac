"""What deploy brings, on lists in a real browser: several records, all of them, and who may not."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import NAMESPACE_OID, uuid5

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from emulator.sample import Sizes, sample_org
from gradesys.demo.packs import active_models
from tests.demo.conftest import Visit, visiting
from tests.line.packed import packed
from tests.line.running import Line

pytestmark = pytest.mark.browser
ACCOUNTS = 60
READER = str(uuid5(NAMESPACE_OID, "reader"))
USERS = {
    "roles": {"Reader": {"tables": {"*": ["read"]}}},
    "users": [{"applicationid": READER, "name": "Reader", "roles": ["Reader"]}],
}
SELECTED, SELECTED_FA, ALL = "Recompute grades", "محاسبهٔ دوبارهٔ درجه‌ها", "Recompute all"
LISTENING = """new MutationObserver(() => {
  const shown = document.querySelector("dialog.progress")?.innerText;
  if (shown && globalThis.told.at(-1) !== shown) globalThis.told.push(shown);
}).observe(document, { childList: true, subtree: true, characterData: true });
globalThis.told = [];"""


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    """An org with a user who may read only."""
    folder = tmp_path_factory.mktemp("guarded")
    users = folder / "users.json"
    users.write_text(json.dumps(USERS), encoding="utf-8")
    org = sample_org(datetime.now(UTC), Sizes.of(ACCOUNTS))
    with packed(tuple(active_models()), org, folder, "--users", str(users)) as line:
        yield line


@pytest.fixture
def guest(guarded: Line, browser: Browser) -> Iterator[Visit]:
    yield from visiting(guarded, browser)


def _press(page: Page, label: str) -> None:
    page.get_by_role("toolbar").get_by_role("button", name=label, exact=True).click()


def _bar(page: Page) -> Locator:
    return page.locator(".bar-note")


def test_selected_records_are_recomputed_n_of_total(guest: Visit) -> None:
    page = guest.open()
    page.evaluate(LISTENING)
    page.get_by_label("Select all").check()
    total = page.locator("tbody input:checked").count()
    slow = {"match": {"method": "POST", "path": "/api/data/v9.2/$batch"}, "delay_ms": 700}
    guest.line.faults(rules=[slow])
    _press(page, SELECTED)
    expect(_bar(page)).to_contain_text(f"Recomputed: {total} of {total}", timeout=30_000)
    guest.line.faults()
    told = page.evaluate("told")
    assert total == 50
    assert told[0] == "Recomputing…"
    assert any(re.fullmatch(rf"Recomputing: \d+ of {total}", text) for text in told[1:])
    expect(page.locator("tbody input:checked")).to_have_count(0)


def test_nothing_selected_is_said(guest: Visit) -> None:
    page = guest.open()
    _press(page, SELECTED)
    expect(_bar(page)).to_contain_text("Select one or more records first.")
    _bar(page).get_by_role("button", name="Close").click()
    expect(_bar(page)).to_have_count(0)


def test_all_records_are_recomputed_after_a_question_with_their_count(guest: Visit) -> None:
    count = len(guest.line.rows("accounts?$select=accountid"))
    page = guest.open()
    _press(page, ALL)
    dialog = page.get_by_role("dialog", name=ALL)
    expect(dialog).to_contain_text(f"({count})")
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_be_hidden()
    _press(page, ALL)
    dialog.get_by_role("button", name=ALL).click()
    expect(_bar(page)).to_contain_text(re.compile("Recomputed: [0-9]+ of|are being recomputed"))


@pytest.mark.parametrize("place", ["form", "list"])
def test_a_user_without_the_privilege_is_told_whom_to_ask(guest: Visit, place: str) -> None:
    page = guest.open("?user=Reader")
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
    _refused(guest)


def test_the_refusal_is_in_persian_for_persian_users(guest: Visit) -> None:
    page = guest.open("?user=Reader")
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
    _refused(guest)


def test_who_acts_is_shown(guest: Visit) -> None:
    page = guest.open("?user=Reader")
    expect(page.locator("#user")).to_have_text("Reader")


def _refused(guest: Visit) -> None:
    """The browser's own word on the refused request."""
    assert ["403" in error for error in guest.errors] == [True]
    guest.errors.clear()
