"""Apply where apply has been before: nothing twice, nothing lost, nothing renumbered."""

import pytest
from msgspec.structs import replace

from gradesys.deploy.actions import pending
from gradesys.deploy.plan import plan
from gradesys.deploy.runs import RUNS
from gradesys.deploy.scorehistory import HISTORY
from gradesys.errors import TemporaryError
from tests.deploy.organisations import BASE, STEPS, deploy, labels, wanted
from tests.deploy.rulefiles import OUTPUT, PAID, rule_model
from tests.deploy.watched import WatchedClient
from tests.emulator.serving import OrgServer


def test_a_second_apply_writes_nothing(client: WatchedClient) -> None:
    first = deploy(client, wanted())
    client.written.clear()
    second = deploy(client, wanted())
    assert client.written == []
    assert (second.created, second.changed, second.removed) == (0, 0, 0)
    own = sum(len(table.columns) for table in (RUNS, HISTORY))
    assert second.left == first.created - 2 + own + first.left


@pytest.mark.parametrize("writes", [0, 2, 3, 12, 20, 26])
def test_an_apply_that_died_is_finished_by_the_next(
    org: OrgServer, client: WatchedClient, writes: int
) -> None:
    client.patience = writes
    with pytest.raises(TemporaryError, match=r"stays, run deploy apply again"):
        deploy(client, wanted())
    client.patience = None
    deploy(client, wanted())
    assert pending(plan(wanted(), client)) == ()
    assert client.written[-2][:2] == ("POST", "PublishXml")
    assert org.names("solutions?$filter=uniquename eq 'gradesys'", "description") == [
        "Scores and grades by gradesys."
    ]


@pytest.mark.deployed
def test_new_and_renamed_grades_keep_every_number(org: OrgServer, client: WatchedClient) -> None:
    changed = PAID.replace("{en: Excellent, fa: ممتاز}", "{en: Superb, fa: عالی}").replace(
        "    - {grade: C}", "    - {grade: BB, min: 40}\n    - {grade: C}"
    )
    client.written.clear()
    deploy(client, wanted(rule_model(changed, OUTPUT)))
    assert labels(org, "gs_grade") == {
        921500000: {1033: "Superb", 1065: "عالی"},
        921500001: {1033: "B", 1065: "B"},
        921500002: {1033: "C", 1065: "C"},
        921500003: {1033: "Unknown", 1065: "Unknown"},
        921500004: {1033: "BB", 1065: "BB"},
    }
    assert [path for _, path, _ in client.written if "OptionValue" in path] == [
        "UpdateOptionValue",
        "InsertOptionValue",
    ]
    client.written.clear()
    deploy(client, wanted())
    assert labels(org, "gs_grade")[921500000] == {1033: "Excellent", 1065: "ممتاز"}


@pytest.mark.deployed
@pytest.mark.parametrize(
    ("base", "key", "changed"),
    [(BASE, "k2", {"description"}), ("https://new.example", "k1", {"url"})],
)
def test_another_key_or_address_only_changes_the_endpoints(
    client: WatchedClient, base: str, key: str, changed: set[str]
) -> None:
    deploy(client, wanted(base=base, key=key))
    assert [(method, set(body)) for method, _, body in client.written if "authvalue" in body] == [
        ("PATCH", changed | {"authvalue"})
    ] * 2
    others = [path.partition("(")[0] for _, path, body in client.written if "authvalue" not in body]
    assert others == (["environmentvariablevalues"] if "url" in changed else [])
    assert pending(plan(wanted(base=base, key=key), client)) == ()


@pytest.mark.deployed
def test_steps_and_images_that_the_rules_no_longer_need_are_removed(
    org: OrgServer, client: WatchedClient
) -> None:
    fewer = (
        STEPS[0],
        replace(STEPS[1], filtering=("name", "statecode")),
        replace(STEPS[3], image=()),
    )
    deploy(client, wanted(steps=fewer))
    assert set(org.names("sdkmessageprocessingsteps")) == {
        "gradesys: Create of account",
        "gradesys: Update of account",
        "gradesys: Update of invoice",
        "gradesys: gs_Recompute",
    }
    assert org.rows("sdkmessageprocessingstepimages") == []
    assert pending(plan(wanted(steps=fewer), client)) == ()


@pytest.mark.deployed
def test_a_disabled_step_is_enabled_again(org: OrgServer, client: WatchedClient) -> None:
    (step, *_) = org.names("sdkmessageprocessingsteps", "sdkmessageprocessingstepid")
    disabled = {"statecode": 1, "statuscode": 2}
    client.request("PATCH", f"sdkmessageprocessingsteps({step})", disabled, {"If-Match": "*"})
    deploy(client, wanted())
    assert set(org.names("sdkmessageprocessingsteps", "statecode")) == {0}
