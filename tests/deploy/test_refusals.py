"""What stands in the way is named, and then nothing at all is changed."""

import pytest
from msgspec.structs import replace

from gradesys.errors import PermanentError
from gradesys.rules.subscriptions import Step
from tests.deploy.organisations import deploy, wanted, whole
from tests.deploy.rulefiles import PAID, rule_model
from tests.deploy.watched import WatchedClient
from tests.emulator.serving import OrgServer


def test_a_column_of_a_wrong_type_stops_everything_and_is_named(
    org: OrgServer, client: WatchedClient
) -> None:
    deploy(client, wanted(rule_model(PAID, "output: {reasons: gs_score}\n")))
    before = whole(org)
    with pytest.raises(PermanentError, match=r"account\.gs_score.*exists as text, needed is") as no:
        deploy(client, wanted())
    assert "nothing was changed" in str(no.value)
    assert whole(org) == before


def test_a_missing_table_is_named(client: WatchedClient) -> None:
    model = replace(rule_model(PAID, "output: {score: gs_score}\n"), table="no_such")
    with pytest.raises(PermanentError, match="no table no_such"):
        deploy(client, wanted(model))


def test_a_table_without_the_message_is_named(client: WatchedClient) -> None:
    with pytest.raises(PermanentError, match="step Update of no_such"):
        deploy(client, wanted(steps=[Step("no_such", "Update", ("name",))]))
