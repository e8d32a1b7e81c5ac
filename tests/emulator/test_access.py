"""RetrievePrincipalAccess of the service user, who may do everything."""

from urllib.parse import quote

import pytest

from emulator.seeds import SERVICE_USER_ID
from tests.emulator.serving import OrgServer

FUNCTION = "Microsoft.Dynamics.CRM.RetrievePrincipalAccess"
EVERYTHING = (
    "ReadAccess, WriteAccess, AppendAccess, AppendToAccess, CreateAccess, DeleteAccess, "
    "ShareAccess, AssignAccess"
)
NOBODY = "00000000-0000-4000-8000-00000000dead"
ABSENT = f'{{"@odata.id":"accounts({NOBODY})"}}'


def question(target: str, user: str = SERVICE_USER_ID, name: str = "@t") -> str:
    return f"systemusers({user})/{FUNCTION}(Target=@t)?{name}={quote(target)}"


@pytest.mark.parametrize(
    "target", ['{"@odata.id":"accounts(%s)"}', "{'@odata.id': '/accounts(%s)'}"]
)
def test_the_service_user_may_do_everything(org_server: OrgServer, target: str) -> None:
    account = org_server.create("accounts", name="A")
    answer = org_server.get(question(target % account))
    assert answer["AccessRights"] == EVERYTHING


@pytest.mark.parametrize(
    ("target", "status"),
    [
        (ABSENT, 404),
        (f'{{"@odata.id":"nothings({NOBODY})"}}', 400),
        (f"accounts({NOBODY})", 400),
        ("", 400),
    ],
)
def test_the_target_must_be_a_row(org_server: OrgServer, target: str, status: int) -> None:
    assert org_server.send("GET", question(target)).status_code == status


@pytest.mark.parametrize(
    "path",
    [
        question(ABSENT, user=NOBODY),
        question(ABSENT, name="@other"),
        f"systemusers({SERVICE_USER_ID})/{FUNCTION}",
    ],
)
def test_any_other_question_is_refused_as_not_implemented(
    refusing_server: OrgServer, path: str
) -> None:
    assert refusing_server.send("GET", path).status_code == 501
