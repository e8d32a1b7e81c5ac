"""What the page offers to scripts of the org: commands, forms, grids, dialogs, the Web API."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.demo.hosted import account, hosted
from tests.demo.visiting import Visit, visiting
from tests.line.running import Line

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def org(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    with hosted(tmp_path_factory.mktemp("hosted")) as line:
        yield line


@pytest.fixture
def guest(org: Line, browser: Browser) -> Iterator[Visit]:
    yield from visiting(org, browser)


def _form(guest: Visit, number: int, user: str = "") -> Page:
    query = f"?user={user}" if user else ""
    page = guest.open(f"{query}#/accounts/{account(number)}")
    expect(page.get_by_role("heading", name=f"Customer {number}")).to_be_visible()
    return page


def _press(page: Page, label: str) -> None:
    page.get_by_role("toolbar").get_by_role("button", name=label, exact=True).click()


def _note(page: Page, name: str) -> Any:
    note = page.locator(f"[data-note={name}] span")
    expect(note).to_be_visible()
    return json.loads(note.inner_text())


def test_a_script_reads_the_record_and_the_user_from_the_form_context(guest: Visit) -> None:
    page = _form(guest, 7, "Reader One")
    _press(page, "Read")
    assert _note(page, "read") == {
        "id": f"{{{account(7).upper()}}}",
        "table": "account",
        "type": 2,
        "values": ["Customer 7", 7000, 0, 7, None],
        "languageId": 1033,
        "isRTL": False,
        "userName": "Reader One",
    }


def test_a_script_saves_what_is_typed_and_handlers_are_told(guest: Visit) -> None:
    page = _form(guest, 8)
    page.get_by_label("Annual Revenue").fill("123,456")
    _press(page, "Save first")
    assert _note(page, "stored") == [True, False, 123456]
    assert _note(page, "saved") == "after"
    assert _note(page, "changed") == 123456


def test_progress_is_one_message_and_a_refresh_reads_the_row_again(guest: Visit) -> None:
    page = _form(guest, 9)
    _press(page, "Read")
    _note(page, "read")
    page.evaluate("void (Probe.released = new Promise((go) => (globalThis.release = go)))")
    _press(page, "Refresh")
    expect(page.locator("dialog.progress")).to_have_text("two")
    guest.line.api("PATCH", f"accounts({account(9)})", {"name": "Renamed"}, If_Match="*")
    page.evaluate("release()")
    assert _note(page, "refreshed") == "Renamed"
    expect(page.locator("dialog")).to_have_count(0)
    expect(page.get_by_role("heading", name="Renamed")).to_be_visible()


def test_a_confirmation_is_answered(guest: Visit) -> None:
    page = _form(guest, 10)
    for button, confirmed in (("Do it", True), ("Cancel", False), (None, False)):
        _press(page, "Ask")
        dialog = page.get_by_role("dialog", name="Really?")
        expect(dialog).to_contain_text("All of them")
        if button:
            dialog.get_by_role("button", name=button).click()
        else:
            page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_contain_text(f"confirmed: {confirmed}")
        page.get_by_role("button", name="OK").click()
        expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_custom_api_is_executed_for_who_may(guest: Visit) -> None:
    page = _form(guest, 11)
    _press(page, "Call")
    assert _note(page, "called") is True


def test_a_user_without_the_privilege_is_refused_with_the_services_own_code(guest: Visit) -> None:
    page = _form(guest, 11, "Reader One")
    _press(page, "Call")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("is missing prvCreateTask privilege")
    expect(dialog).to_contain_text("0x80040220")
    dialog.get_by_role("button", name="OK").click()
    assert ["403" in error for error in guest.errors] == [True]
    guest.errors.clear()


def test_a_script_that_fails_is_an_error_the_user_sees(guest: Visit) -> None:
    page = _form(guest, 12)
    _press(page, "Fail")
    expect(page.get_by_role("dialog")).to_contain_text("the script itself failed")


def test_a_script_gets_the_rows_selected_in_the_list(guest: Visit) -> None:
    page = guest.open()
    boxes = page.locator("tbody").get_by_label("Select")
    boxes.nth(0).check()
    boxes.nth(2).check()
    _press(page, "Selected")
    told = json.loads(page.get_by_role("dialog").locator(".dialog-text").inner_text())
    assert told == {
        "ids": [account(60), account(58)],
        "names": ["Customer 60", "Customer 58"],
        "read": 3,
    }
    page.get_by_role("button", name="OK").click()
    expect(page.locator("tbody input:checked")).to_have_count(0)


def test_the_box_in_the_head_selects_every_row_of_the_page(guest: Visit) -> None:
    page = guest.open()
    expect(page.locator("tbody input")).to_have_count(50)
    page.get_by_label("Select all").check()
    expect(page.locator("tbody input:checked")).to_have_count(50)
    page.locator("tbody").get_by_label("Select").first.uncheck()
    expect(page.get_by_label("Select all")).not_to_be_checked()


def test_a_subgrid_has_commands_of_its_own(guest: Visit) -> None:
    page = _form(guest, 7)
    below = page.locator("[data-table=contact]")
    below.get_by_label("Select", exact=True).nth(1).check()
    below.get_by_role("button", name="Below").click()
    told = json.loads(page.get_by_role("dialog").locator(".dialog-text").inner_text())
    assert len(told["ids"]) == len(told["names"]) == 1


def test_a_command_speaks_the_language_of_the_page_and_so_do_the_users_settings(
    guest: Visit,
) -> None:
    page = _form(guest, 13)
    page.get_by_role("button", name="فارسی").click()
    _press(page, "خواندن")
    told = _note(page, "read")
    assert (told["languageId"], told["isRTL"]) == (1065, True)


def test_a_user_that_there_is_not_is_named(guest: Visit) -> None:
    page = guest.open("?user=Nobody")
    expect(page.get_by_role("dialog")).to_contain_text("no user Nobody")
