"""Explanations for some eyes only: the service writes them, and a user reads the grade alone."""

import json
from collections.abc import Callable

import pytest
from msgspec.structs import replace

from emulator.entrance import Access
from gradesys.dataverse.client import Client
from gradesys.dataverse.retry import ClientOptions
from gradesys.deploy.access.rights import READ, WRITE, Rights
from gradesys.deploy.actions import ActionKind, pending
from gradesys.deploy.apply import Applied, apply
from gradesys.deploy.manifest import Manifest
from gradesys.deploy.plan import plan
from gradesys.deploy.remove import removal
from gradesys.errors import MissingPrivilege, PermanentError
from tests.deploy.organisations import wanted, whole
from tests.deploy.rulefiles import PAID, rule_model
from tests.deploy.watched import WatchedClient
from tests.emulator.limits.conftest import members_of, start_guarded
from tests.emulator.serving import OrgServer, new_organization

__all__ = ["start_guarded"]

INSTALLER, SERVICE, READER, NOBODY = (
    f"11111111-0000-4000-8000-00000000000{number}" for number in range(4)
)
USERS = {
    "roles": {
        "Reader": {"tables": {"account": ["read"]}},
        "Writer": {"tables": {"account": ["read", "write", "create"]}},
    },
    "users": [
        {"applicationid": INSTALLER, "name": "installer", "roles": ["System Administrator"]},
        {"applicationid": SERVICE, "name": "service"},
        {"applicationid": READER, "name": "reader", "roles": ["Reader", "Writer"]},
    ],
}
OUTPUT = "output: {score: gs_score, grade: gs_grade, explanation: gs_explanation}\n"
SCORED = {"gs_score": 5, "gs_grade": 921500000, "gs_explanation": "because"}
COLUMN = "EntityDefinitions(LogicalName='account')/Attributes(LogicalName='gs_explanation')"
RIGHTS = Rights({"account": frozenset({READ, WRITE})})


@pytest.fixture
def org(start_guarded: Callable[..., OrgServer]) -> OrgServer:
    made = new_organization()
    server = start_guarded(Access(members_of(made, json.dumps(USERS).encode())), org=made)
    server.session.headers["Authorization"] = f"Bearer {INSTALLER}"
    return server


@pytest.fixture
def client(org: OrgServer) -> WatchedClient:
    client = WatchedClient(org.url, lambda: INSTALLER, ClientOptions(attempts=1))
    client.written = []
    return client


def open_to_all(application: str = SERVICE) -> Manifest:
    made = wanted(rule_model(PAID, OUTPUT))
    return replace(made, rights=RIGHTS, application=application)


def secret(application: str = SERVICE) -> Manifest:
    return replace(open_to_all(application), secured=True)


def install(client: Client, what: Manifest) -> Applied:
    return apply(plan(what, client), client, lambda action: None)


def as_user(org: OrgServer, application: str) -> Client:
    return Client(org.url, lambda: application, ClientOptions(attempts=1))


def seen(org: OrgServer, application: str, account: str) -> dict[str, object]:
    row = as_user(org, application).request("GET", account).json()
    return {name: row[name] for name in SCORED}


def is_secured(org: OrgServer) -> bool:
    return bool(org.get(COLUMN)["IsSecured"])


@pytest.mark.parametrize("before", [None, open_to_all()])
def test_a_user_without_the_profile_sees_the_grade_and_not_why(
    org: OrgServer, client: WatchedClient, before: Manifest | None
) -> None:
    account = f"accounts({org.create('accounts', name='a')})"
    if before is not None:
        install(client, before)
    assert pending(plan(secret(), client))
    assert install(client, secret()).losses == ()
    assert pending(plan(secret(), client)) == ()
    as_user(org, SERVICE).request("PATCH", account, SCORED, {"If-Match": "*"})
    assert seen(org, SERVICE, account) == SCORED
    assert seen(org, INSTALLER, account) == SCORED
    assert seen(org, READER, account) == {**SCORED, "gs_explanation": None}


@pytest.mark.parametrize(("method", "code"), [("PATCH", "0x8004f507"), ("POST", "0x8004f502")])
def test_a_user_without_the_profile_writes_no_explanation(
    org: OrgServer, client: WatchedClient, method: str, code: str
) -> None:
    account = f"accounts({org.create('accounts', name='a')})"
    install(client, secret())
    path = account if method == "PATCH" else "accounts"
    with pytest.raises(MissingPrivilege) as refused:
        as_user(org, READER).request(method, path, {"gs_explanation": "mine"})
    assert code in str(refused.value.answer)
    as_user(org, READER).request(method, path, {"name": "b"})


def test_once_secured_it_stays_so_unasked(org: OrgServer, client: WatchedClient) -> None:
    install(client, secret())
    assert pending(plan(open_to_all(), client)) == ()
    assert is_secured(org)


def test_nobody_asked_so_nothing_is_secured(org: OrgServer, client: WatchedClient) -> None:
    install(client, open_to_all())
    assert not is_secured(org)
    assert org.rows("fieldsecurityprofiles") == []


def test_remove_leaves_nothing(org: OrgServer, client: WatchedClient) -> None:
    before = whole(org)
    install(client, secret())
    apply(removal(client), client, lambda action: None)
    assert whole(org) == before


@pytest.mark.parametrize("refused", ["fieldsecurityprofiles", "systemusers"])
def test_no_column_is_secured_that_the_service_could_not_write(
    org: OrgServer, client: WatchedClient, refused: str
) -> None:
    client.refused = (refused,)
    told = " ".join(install(client, secret()).losses)
    assert "the explanation stays open" in told
    assert not is_secured(org)
    client.refused = ()
    assert install(client, secret()).losses == ()
    assert pending(plan(secret(), client)) == ()
    assert is_secured(org)


def test_a_refused_permission_is_told_and_given_by_the_next_apply(
    org: OrgServer, client: WatchedClient
) -> None:
    client.refused = ("fieldpermissions",)
    assert "the service cannot write it" in " ".join(install(client, secret()).losses)
    client.refused = ()
    install(client, open_to_all())
    assert pending(plan(open_to_all(), client)) == ()


@pytest.mark.parametrize("application", ["", NOBODY])
def test_without_a_known_user_the_plan_says_so_and_secures_nothing(
    org: OrgServer, client: WatchedClient, application: str
) -> None:
    install(client, secret(application))
    told = [item.why for item in plan(secret(application), client) if "profile" in item.what]
    assert told == ["no application user is known"]
    assert not is_secured(org)


def test_a_customers_own_column_is_not_secured(org: OrgServer, client: WatchedClient) -> None:
    own = {
        "@odata.type": "Microsoft.Dynamics.CRM.MemoAttributeMetadata",
        "SchemaName": "gs_Explanation",
        "MaxLength": 4000,
        "DisplayName": {"LocalizedLabels": [{"Label": "Own", "LanguageCode": 1033}]},
    }
    client.request("POST", "EntityDefinitions(LogicalName='account')/Attributes", own)
    install(client, secret())
    (line,) = (item for item in plan(secret(), client) if item.what.startswith("security of"))
    assert (line.kind, line.why) == (ActionKind.LEAVE, "the column is not ours: secure it yourself")
    assert not is_secured(org)


def test_dataverse_takes_permissions_of_secured_columns_only(
    org: OrgServer, client: WatchedClient
) -> None:
    profile = org.create("fieldsecurityprofiles", name="own")
    permission = {
        "entityname": "account",
        "attributelogicalname": "name",
        "canread": 4,
        "fieldsecurityprofileid@odata.bind": f"/fieldsecurityprofiles({profile})",
    }
    with pytest.raises(PermanentError, match="not enabled for field level security"):
        client.request("POST", "fieldpermissions", permission)
