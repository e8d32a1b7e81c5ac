"""Which registered steps a change sets off."""

import pytest

from emulator.changes import Change
from emulator.webhooks.steps import Endpoint, Step, comma_list, matching

ENDPOINT = Endpoint("http://127.0.0.1:1/", 4, "")


def step(message: str, table: str = "invoice", filtering: str = "") -> Step:
    return Step("id", "name", message, table, frozenset(comma_list(filtering)), True, ENDPOINT)


def change(message: str, table: str = "invoice", *changed: str) -> Change:
    return Change(message, table, "id", {}, {}, changed)


@pytest.mark.parametrize(
    ("registered", "happened", "fires"),
    [
        (step("Create"), change("Create"), True),
        (step("Create"), change("Update"), False),
        (step("Create"), change("Create", "account"), False),
        (step("Create", ""), change("Create", "account"), True),
        (step("Update"), change("Update", "invoice", "name"), True),
        (step("Update", filtering="name,duedate"), change("Update", "invoice", "name"), True),
        (step("Update", filtering="duedate"), change("Update", "invoice", "name"), False),
        (step("Update", filtering=" Name "), change("Update", "invoice", "name"), True),
        (step("Delete", filtering="name"), change("Delete", "invoice", "invoiceid"), True),
        (step("gs_Recompute", ""), change("gs_Recompute", ""), True),
    ],
)
def test_message_table_and_filtering_attributes_decide(
    registered: Step, happened: Change, fires: bool
) -> None:
    assert bool(matching([registered], happened)) is fires


def test_every_matching_step_fires_once() -> None:
    steps = [step("Update"), step("Update", ""), step("Delete")]
    assert matching(steps, change("Update", "invoice", "name")) == steps[:2]
