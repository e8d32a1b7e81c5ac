"""The service's role: just what the rules need, and enough for the application user's work."""

import json
from collections.abc import Callable

import pytest
from msgspec.structs import replace

from emulator.entrance import Access
from gradesys.dataverse.client import Client
from gradesys.dataverse.retry import ClientOptions
from gradesys.deploy.access.rights import ALWAYS_READ, CREATE, READ, WRITE, Rights
from gradesys.deploy.actions import pending
from gradesys.deploy.apply import apply
from gradesys.deploy.manifest import Manifest
from gradesys.deploy.plan import plan, plan_pruning
from gradesys.deploy.remove import removal
from gradesys.errors import MissingPrivilege
from tests.deploy.organisations import wanted, whole
from tests.deploy.watched import WatchedClient
from tests.emulator.limits.conftest import members_of, start_guarded
from tests.emulator.serving import OrgServer, new_organization

__all__ = ["start_guarded"]

SERVICE = "11111111-0000-4000-8000-000000000001"
INSTALLER = "11111111-0000-4000-8000-000000000002"
USERS = {
    "users": [
        {"applicationid": SERVICE, "name": "service"},
        {"applicationid": INSTALLER, "name": "installer", "roles": ["System Administrator"]},
    ]
}
RIGHTS = Rights(
    dict.fromkeys((*ALWAYS_READ, "invoice", "phonecall"), frozenset({READ}))
    | {"account": frozenset({READ, WRITE}), "gs_run": frozenset({READ, WRITE, CREATE})}
)
RUN = "gs_runs(00000000-0000-4000-8000-000000000001)"


@pytest.fixture
def org(start_guarded: Callable[..., OrgServer]) -> OrgServer:
    """An organisation whose users are told apart by what they call themselves."""
    made = new_organization()
    return start_guarded(Access(members_of(made, json.dumps(USERS).encode())), org=made)


@pytest.fixture
def client(org: OrgServer) -> WatchedClient:
    """Signed in as the installer."""
    org.session.headers["Authorization"] = f"Bearer {INSTALLER}"
    client = WatchedClient(org.url, lambda: INSTALLER, ClientOptions(attempts=1))
    client.written = []
    return client


def needing(application: str = SERVICE) -> Manifest:
    return replace(wanted(), rights=RIGHTS, application=application)


def install(client: Client, what: Manifest) -> None:
    apply(plan(what, client), client, lambda action: None)


def service(org: OrgServer) -> Client:
    return Client(org.url, lambda: SERVICE, ClientOptions(attempts=1))


def test_the_application_user_can_do_its_work_and_nothing_else(
    org: OrgServer, client: WatchedClient
) -> None:
    account = f"accounts({org.create('accounts', name='a')})"
    contact = f"contacts({org.create('contacts', lastname='c')})"
    with pytest.raises(MissingPrivilege):
        service(org).request("GET", account)
    install(client, needing())
    own = service(org)
    own.request("PATCH", account, {"gs_score": 5}, {"If-Match": "*"})
    own.request("PATCH", RUN, {"gs_name": "run", "gs_table": "account"})
    own.request("GET", "invoices?$select=name")
    own.request("GET", "phonecalls?$select=subject")
    refused = [("DELETE", account), ("PATCH", contact), ("GET", contact), ("GET", "roles"),
               ("POST", "invoices"), ("DELETE", RUN)]  # fmt: skip
    for method, path in refused:
        with pytest.raises(MissingPrivilege):
            own.request(method, path, {} if method in ("PATCH", "POST") else None)


def test_a_second_apply_gives_nothing_more(client: WatchedClient) -> None:
    install(client, needing())
    assert pending(plan(needing(), client)) == ()


def test_rules_that_read_another_table_widen_the_role(
    org: OrgServer, client: WatchedClient
) -> None:
    install(client, needing())
    wider = Rights({**RIGHTS.tables, "contact": frozenset({READ})})
    client.written.clear()
    install(client, replace(needing(), rights=wider))
    assert [path.rpartition(".")[2] for _, path, _ in client.written] == ["AddPrivilegesRole"]
    service(org).request("GET", "contacts?$select=lastname")


def test_pruning_narrows_the_role_to_what_the_rules_need(
    org: OrgServer, client: WatchedClient
) -> None:
    wider = Rights({**RIGHTS.tables, "contact": frozenset({READ})})
    install(client, replace(needing(), rights=wider))
    assert pending(plan(needing(), client)) == ()
    (action,) = pending(plan_pruning(needing(), client, with_data=False))
    assert str(action) == "remove privileges of role gradesys service: prvReadContact"
    apply((action,), client, lambda action: None)
    assert pending(plan_pruning(needing(), client, with_data=False)) == ()
    with pytest.raises(MissingPrivilege):
        service(org).request("GET", "contacts?$select=lastname")
    service(org).request("GET", "invoices?$select=name")


@pytest.mark.parametrize(
    ("application", "told"),
    [
        ("", "GRADESYS_CLIENT_ID names none; give the application user the role"),
        ("11111111-0000-4000-8000-00000000000f", "no such user: add it in the Power Platform"),
    ],
)
def test_without_a_known_user_the_plan_says_what_to_do(
    client: WatchedClient, application: str, told: str
) -> None:
    install(client, needing(application))
    found = plan(needing(application), client)
    assert pending(found) == ()
    (line,) = (item.why for item in found if item.what.startswith("role of the application"))
    assert told in line


def test_the_service_itself_need_not_look_at_roles(org: OrgServer, client: WatchedClient) -> None:
    install(client, needing())
    allowed = ("webresource", "appaction", "savedquery", "savedqueryvisualization",
               "environmentvariabledefinition", "environmentvariablevalue")  # fmt: skip
    more = {**RIGHTS.tables, **dict.fromkeys(allowed, frozenset({READ}))}
    install(client, replace(needing(), rights=Rights(more)))
    assert pending(plan(needing(), service(org))) == ()


def test_remove_takes_the_role_from_its_user_and_away(
    org: OrgServer, client: WatchedClient
) -> None:
    before = whole(org)
    install(client, needing())
    apply(removal(client), client, lambda action: None)
    assert whole(org) == before
    with pytest.raises(MissingPrivilege):
        service(org).request("GET", "accounts")
