"""Members of marketing lists come and go by actions whose messages are their own."""

from typing import Any

import pytest

from tests.emulator.serving import OrgServer
from tests.emulator.webhooks.conftest import Hooks
from tests.emulator.webhooks.receiver import pairs

CRM = "Microsoft.Dynamics.CRM."


def new_list(server: OrgServer, kind: int | None = 1, **values: Any) -> str:
    return server.create("lists", listname="l", createdfromcode=kind, **values)


def members(server: OrgServer, list_id: str) -> list[str]:
    rows = server.rows(f"listmembers?$filter=_listid_value eq {list_id}")
    return sorted(row["_entityid_value"] for row in rows)


def many(list_id: str, *accounts: str) -> dict[str, Any]:
    rows = [{"@odata.type": f"{CRM}account", "accountid": account} for account in accounts]
    return {"List": {"@odata.type": f"{CRM}list", "listid": list_id}, "Members": rows}


def test_members_are_added_singly_and_together_and_taken_out(server: OrgServer) -> None:
    found = new_list(server)
    a, b, c = (server.create("accounts", name=name) for name in "abc")
    added = server.send("POST", f"lists({found})/{CRM}AddMemberList", {"EntityId": a})
    (row,) = server.rows(f"listmembers?$filter=_listid_value eq {found}")
    assert (row["listmemberid"], row["entitytype"]) == (added.json()["Id"], "account")
    again = server.send("POST", f"lists({found})/{CRM}AddMemberList", {"EntityId": a})
    assert again.json()["Id"] == added.json()["Id"]
    assert server.send("POST", "AddListMembersList", many(found, b, c)).status_code == 204
    assert members(server, found) == sorted([a, b, c])
    gone = server.send("POST", f"lists({found})/{CRM}RemoveMemberList", {"EntityId": b})
    assert gone.status_code == 204
    assert members(server, found) == sorted([a, c])


def test_steps_hear_of_members(hooks: Hooks) -> None:
    server = hooks.server
    for message in ("AddMember", "AddListMembers", "RemoveMember"):
        hooks.step(message, "list")
    hooks.step("Associate", "")
    found, (a, b) = new_list(server), [server.create("accounts", name=name) for name in "ab"]
    server.send("POST", f"lists({found})/{CRM}AddMemberList", {"EntityId": a})
    server.send("POST", "AddListMembersList", many(found, b))
    server.send("POST", f"lists({found})/{CRM}RemoveMemberList", {"EntityId": a})
    hooks.settle()
    told = {
        delivery.body["MessageName"]: pairs(delivery.body["InputParameters"])
        for delivery in hooks.receiver.deliveries
    }
    assert told == {
        "AddMember": {"ListId": found, "EntityId": a},
        "AddListMembers": {"ListId": found, "MemberIds": [b]},
        "RemoveMember": {"ListId": found, "EntityId": a},
    }


GONE = "ac000000-0000-4000-8000-00000000dead"


@pytest.mark.parametrize(
    ("kind", "values", "body", "status"),
    [
        (1, {}, {"EntityId": GONE}, 404),
        (1, {}, {"EntityId": "x"}, 400),
        (1, {}, {}, 400),
        (None, {}, {"EntityId": GONE}, 400),
        (1, {"type": True}, {"EntityId": GONE}, 400),
    ],
)
def test_who_cannot_be_a_member_is_refused(
    server: OrgServer, kind: int | None, values: dict[str, Any], body: dict[str, Any], status: int
) -> None:
    found = new_list(server, kind, **values)
    response = server.send("POST", f"lists({found})/{CRM}AddMemberList", body)
    assert response.status_code == status
    assert members(server, found) == []
