"""Change tracking of source tables: only on demand, where it is possible, and for good."""

from __future__ import annotations

from msgspec.structs import replace

from gradesys.deploy.actions import Action, ActionKind, pending
from gradesys.deploy.apply import apply
from gradesys.deploy.plan import plan
from gradesys.deploy.remove import removal
from gradesys.deploy.tracking import NEVER, WHY, tracking_actions
from tests.deploy.organisations import deploy, wanted
from tests.deploy.watched import WatchedClient
from tests.emulator.serving import OrgServer

FOLLOWED = replace(wanted(), tracked=("account", "task"))


def tracking(actions: tuple[Action, ...]) -> list[str]:
    """What a plan says about tracking."""
    return [str(action) for action in actions if action.what.startswith("tracking ")]


def is_tracked(org: OrgServer, table: str) -> bool:
    path = f"EntityDefinitions(LogicalName='{table}')?$select=ChangeTrackingEnabled"
    found: bool = org.get(path)["ChangeTrackingEnabled"]
    return found


def test_without_the_wish_the_plan_does_not_mention_it(client: WatchedClient) -> None:
    assert tracking(plan(wanted(), client)) == []


def test_the_plan_shows_what_is_off_and_that_it_stays_on(client: WatchedClient) -> None:
    shown = tracking(plan(FOLLOWED, client))
    assert shown == ["leave tracking of account", f"change tracking of task: {WHY}"]
    assert client.written == []


def test_apply_turns_it_on_with_nothing_else_changed_and_publishes_the_table(
    org: OrgServer, client: WatchedClient
) -> None:
    path = "EntityDefinitions(LogicalName='task')"
    before = org.get(path)
    deploy(client, FOLLOWED)
    assert org.get(path) == {**before, "ChangeTrackingEnabled": True}
    published = [body["ParameterXml"] for _, path, body in client.written if path == "PublishXml"]
    assert "<entity>task</entity>" in published[-1]
    assert pending(plan(FOLLOWED, client)) == ()


def test_remove_leaves_it_on_because_it_cannot_be_turned_off(
    org: OrgServer, client: WatchedClient
) -> None:
    deploy(client, FOLLOWED)
    actions = removal(client)
    apply(actions, client, lambda action: None)
    assert tracking(actions) == []
    assert is_tracked(org, "task")


def test_a_table_that_cannot_be_tracked_stops_nothing() -> None:
    definition = {
        "ChangeTrackingEnabled": False,
        "CanChangeTrackingBeEnabled": {"Value": False, "CanBeChanged": False},
    }
    assert list(tracking_actions({"fax": definition})) == [
        Action(ActionKind.LEAVE, "tracking of fax", NEVER)
    ]
