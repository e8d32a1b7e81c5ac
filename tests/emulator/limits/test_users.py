"""`--users`: who a token makes one, and what of it can be seen in rows and webhooks."""

import json
from typing import Any

import msgspec
import pytest

from emulator.errors import ApiError
from emulator.users import parse_users
from tests.emulator.limits.conftest import error_of
from tests.emulator.limits.people import ACCOUNT, GRADER, GRADER_USER, READER, STRANGER, AsUser
from tests.emulator.serving import OrgServer, new_organization
from tests.emulator.webhooks.conftest import Hooks
from tests.emulator.webhooks.receiver import Receiver


def test_an_application_without_a_user_is_no_member(as_user: AsUser) -> None:
    refusal = as_user(STRANGER).send("GET WhoAmI")
    assert error_of(refusal) == (403, "0x80072560")
    assert refusal.json()["error"]["message"] == "The user is not a member of the organization."


def test_a_disabled_user_is_refused(people: OrgServer, as_user: AsUser) -> None:
    row_id = as_user(READER).send("GET WhoAmI").json()["UserId"]
    with people.org.transaction() as tx:
        tx.update("systemuser", row_id, {"isdisabled": True})
    assert error_of(as_user(READER).send("GET accounts")) == (403, "0x80040225")
    with people.org.transaction() as tx:
        tx.update("systemuser", row_id, {"isdisabled": False})
    assert as_user(READER).send("GET accounts").status_code == 200


def test_an_application_user_made_over_the_api_is_a_member_without_rights(
    people: OrgServer, as_user: AsUser
) -> None:
    application = "a0000000-0000-4000-8000-000000000010"
    made = people.create("systemusers", applicationid=application, firstname="new")
    assert as_user(application).send("GET WhoAmI").json()["UserId"] == made
    assert error_of(as_user(application).send("GET accounts")) == (403, "0x80040220")


def test_a_role_given_over_the_api_counts_from_the_next_request(
    people: OrgServer, as_user: AsUser
) -> None:
    application = "a0000000-0000-4000-8000-000000000011"
    user = people.create("systemusers", applicationid=application, firstname="promoted")
    (role,) = people.rows("roles?$select=name&$filter=name eq 'Reader'")
    links = f"systemusers({user})/systemuserroles_association"
    given = {"@odata.id": f"{people.api}roles({role['roleid']})"}
    assert people.send("POST", f"{links}/$ref", given).status_code == 204
    assert as_user(application).send("GET accounts").status_code == 200
    assert people.send("DELETE", f"{links}({role['roleid']})/$ref").status_code == 204
    assert error_of(as_user(application).send("GET accounts")) == (403, "0x80040220")


def test_rows_are_stamped_with_the_user_who_wrote_them(people: OrgServer, as_user: AsUser) -> None:
    assert as_user(GRADER).send("GET WhoAmI").json()["UserId"] == GRADER_USER
    as_user(GRADER).send(f"PATCH accounts({ACCOUNT})", {"description": "graded"})
    row = people.get(f"accounts({ACCOUNT})?$select=_createdby_value,_modifiedby_value")
    assert (row["_createdby_value"] != GRADER_USER, row["_modifiedby_value"]) == (
        True,
        GRADER_USER,
    )


def test_a_webhook_names_the_user_who_wrote(people: OrgServer, as_user: AsUser) -> None:
    receiver = Receiver()
    hooks = Hooks(people, receiver)
    hooks.step("Update", "account")
    as_user(GRADER).send(f"PATCH accounts({ACCOUNT})", {"description": "by the grader"})
    hooks.settle()
    hooks.remove()
    receiver.close()
    (delivery,) = receiver.deliveries
    assert {delivery.body["UserId"], delivery.body["InitiatingUserId"]} == {GRADER_USER}


def test_without_a_token_everybody_is_the_service_user(people: OrgServer) -> None:
    assert people.get("WhoAmI")["UserId"] == "9c1b7f10-77aa-4e0e-b1d5-51a7c0de0001"


def test_users_and_roles_are_rows(people: OrgServer) -> None:
    (row,) = people.rows(
        f"systemusers?$select=fullname,accessmode&$filter=applicationid eq {GRADER}"
    )
    assert (row["fullname"], row["accessmode"]) == ("grader", 4)
    assert people.names(f"systemusers({GRADER_USER})/systemuserroles_association") == [
        "Grader",
        "Linker",
    ]


@pytest.mark.parametrize(
    ("document", "error"),
    [
        ({"users": [{"applicationid": GRADER, "roles": ["Ghost"]}]}, ApiError),
        ({"users": [{"applicationid": "no guid"}]}, ApiError),
        ({"roles": {"R": {"tables": {"ghost": ["read"]}}}}, ApiError),
        ({"roles": {"R": {"tables": {"account": ["peek"]}}}}, msgspec.ValidationError),
        ({"people": []}, msgspec.ValidationError),
    ],
)
def test_a_file_of_users_that_makes_no_sense_is_refused(
    document: dict[str, Any], error: type[Exception]
) -> None:
    org = new_organization()
    with pytest.raises(error):
        parse_users(json.dumps(document).encode(), org.definitions)
    org.close()
