"""An administrator changes what is registered: it shows within a round, and deploy heals it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from functions.health import health
from functions.trigger import Incoming
from gradesys.catchup.drift import Drift
from gradesys.catchup.rounds import go_round
from gradesys.keys import digest_of, mark_of, read_rotation, write_rotation
from tests.catchup.outpost import Outpost
from tests.doctor.conftest import deploy
from tests.doctor.installation import KEY, NEXT_KEY
from tests.emulator.serving import OrgServer
from tests.line.judge import CONFIG

STEPS, IMAGES = "sdkmessageprocessingsteps", "sdkmessageprocessingstepimages"


@dataclass(frozen=True, slots=True)
class Registered:
    """What is registered, for somebody with a system administrator's rights."""

    server: OrgServer

    def ids(self, entity_set: str, where: str) -> list[str]:
        """The ids of the rows for which a filter holds."""
        rows = self.server.rows(f"{entity_set}?$filter={where}")
        return [row[f"{entity_set.removesuffix('s')}id"] for row in rows]

    def change(self, entity_set: str, where: str, **values: Any) -> None:
        """Change one row."""
        (found,) = self.ids(entity_set, where)
        body = {name.replace("__", "@odata."): value for name, value in values.items()}
        assert self.server.send("PATCH", f"{entity_set}({found})", body).ok

    def delete(self, entity_set: str, where: str) -> None:
        """Delete the rows."""
        for found in self.ids(entity_set, where):
            assert self.server.send("DELETE", f"{entity_set}({found})").ok


INVOICES = "name eq 'gradesys: Update of invoice'"
EVENTS = "name eq 'gradesys-webhook'"


def disable(crm: Registered) -> None:
    crm.change(STEPS, INVOICES, statecode=1, statuscode=2)


def listen_to_less(crm: Registered) -> None:
    crm.change(STEPS, INVOICES, filteringattributes="statecode")


def delete_step(crm: Registered) -> None:
    (step,) = crm.ids(STEPS, INVOICES)
    crm.delete(IMAGES, f"_sdkmessageprocessingstepid_value eq {step}")
    crm.delete(STEPS, INVOICES)


def delete_image(crm: Registered) -> None:
    (step,) = crm.ids(STEPS, INVOICES)
    crm.delete(IMAGES, f"_sdkmessageprocessingstepid_value eq {step}")


def post_elsewhere(crm: Registered) -> None:
    body = {"name": "other", "contract": 8, "authtype": 4, "messageformat": 2,
            "url": "https://elsewhere.invalid", "authvalue": "x"}  # fmt: skip
    other = crm.server.create("serviceendpoints", **body)
    bound = {"eventhandler_serviceendpoint__bind": f"/serviceendpoints({other})"}
    crm.change(STEPS, INVOICES, **bound)


def move_service(crm: Registered) -> None:
    crm.change("serviceendpoints", EVENTS, url="https://elsewhere.invalid/")


def forget_key(crm: Registered) -> None:
    crm.change("serviceendpoints", EVENTS, description="gradesys event receiver, key 00000000")


Spoil = Callable[[Registered], None]
DRIFTS: list[tuple[Spoil, str, str]] = [
    (delete_image, "yellow", "create image gs_pre of step Update of invoice"),
    (listen_to_less, "red", "change step Update of invoice: filteringattributes"),
    (disable, "red", "change step Update of invoice: filteringattributes, statecode"),
    (post_elsewhere, "red", "filteringattributes, _eventhandler_value, statecode"),
    (delete_step, "red", "create step Update of invoice"),
    (forget_key, "red", "none of our webhook keys"),
    (move_service, "red", "no event comes"),
]
"""One after the other, each on top of those before."""


@pytest.fixture
def crm(post: Outpost) -> Iterator[Registered]:
    """Everything is registered again afterwards."""
    yield Registered(post.server)
    deploy(post.server, CONFIG / "rules")


def page(post: Outpost) -> tuple[str, dict[str, str]]:
    """The colour of the health page after a round, and what it says about the steps."""
    go_round(post.app)
    body = health(post.app, Incoming({}, b"")).body
    found = (reason for reason in body["reasons"] if reason["code"] == "steps")
    return body["status"], next(found, {})


def test_a_round_sees_each_drift_the_health_page_tells_it_and_deploy_heals_it(
    post: Outpost, crm: Registered
) -> None:
    assert page(post)[0] == "green"
    for spoil, color, told in DRIFTS:
        spoil(crm)
        status, drift = page(post)
        assert (drift["color"], status) == (color, color), spoil
        assert told in drift["text"], spoil
        assert drift["fix"].startswith("run: gradesys deploy apply --base-url ")
    deploy(post.server, CONFIG / "rules")
    assert page(post)[0] == "green"


def test_a_step_that_posts_elsewhere_comes_back(post: Outpost, crm: Registered) -> None:
    post_elsewhere(crm)
    deploy(post.server, CONFIG / "rules")
    assert page(post)[0] == "green"


def test_a_key_that_a_rotation_put_in_place_is_no_drift_also_half_way(
    post: Outpost, crm: Registered
) -> None:
    rotation, version = read_rotation(post.app.ledger)
    heir = rotation.with_successor(NEXT_KEY, {digest_of(KEY)})
    write_rotation(post.app.ledger, heir, version)
    for endpoint in ("gradesys-webhook", "gradesys-recompute"):
        told = f"gradesys event receiver, key {mark_of(NEXT_KEY)}"
        crm.change("serviceendpoints", f"name eq '{endpoint}'", description=told)
        assert page(post)[0] == "green"


def test_a_step_that_no_rule_needs_is_odd_and_not_wrong(post: Outpost, crm: Registered) -> None:
    (step,) = crm.server.rows(f"{STEPS}?$filter={INVOICES}")
    bound = {
        "sdkmessageid__bind": f"/sdkmessages({step['_sdkmessageid_value']})",
        "sdkmessagefilterid__bind": f"/sdkmessagefilters({step['_sdkmessagefilterid_value']})",
        "eventhandler_serviceendpoint__bind": f"/serviceendpoints({step['_eventhandler_value']})",
    }
    crm.server.create(STEPS, name="gradesys: old", stage=40, mode=1, **bound)
    assert go_round(post.app).drift.color == "yellow"


def test_a_user_who_may_not_look_is_told_so(post: Outpost) -> None:
    refusal = {"match": {"path": "/api/data/v9.2/serviceendpoints"}, "status": 403}
    faults = f"{post.server.url}/_emulator/faults"
    post.line.session.post(faults, json={"rules": [refusal]})
    try:
        drift = go_round(post.app).drift
    finally:
        post.line.session.post(faults, json={})
    assert (drift.color, "may not read" in drift.text) == ("yellow", True)


def test_before_the_first_comparison_nothing_is_claimed(post: Outpost) -> None:
    assert Drift().told() == {}
