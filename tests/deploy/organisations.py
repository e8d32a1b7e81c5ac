"""What the tests deploy to a whole organisation, and how they look at it afterwards."""

from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from gradesys.deploy.apply import Applied, apply
from gradesys.deploy.manifest import Manifest, manifest
from gradesys.deploy.plan import plan
from gradesys.deploy.surface.assets import Assets
from gradesys.rules.model import RuleModel
from gradesys.rules.subscriptions import Step
from tests.deploy.rulefiles import customer_grade
from tests.deploy.watched import WatchedClient
from tests.emulator.serving import OrgServer

BASE = "http://127.0.0.1:1"
STEPS = (
    Step("account", "Create"),
    Step("account", "Update", ("statecode",)),
    Step("invoice", "Create"),
    Step("invoice", "Update", ("customerid", "statecode", "totalamount_base"), ("customerid",)),
    Step("invoice", "Delete", (), ("customerid",)),
)
ASSETS = Assets(script=b"var GradeSys = {};", icon=b"<svg/>")
SYSTEM = (
    "publishers", "solutions", "solutioncomponents", "serviceendpoints", "sdkmessages",
    "sdkmessagefilters", "sdkmessageprocessingsteps", "sdkmessageprocessingstepimages",
    "customapis", "customapirequestparameters", "accounts", "webresourceset", "appactions",
    "environmentvariabledefinitions", "environmentvariablevalues", "roles", "savedqueries",
    "savedqueryvisualizations", "entities", "privileges", "fieldsecurityprofiles",
    "fieldpermissions",
)  # fmt: skip


def wanted(
    model: RuleModel | None = None,
    steps: Sequence[Step] = STEPS,
    base: str = BASE,
    key: str = "k1",
) -> Manifest:
    made = manifest([model or customer_grade()], steps, base, key)
    return replace(made, assets=ASSETS)


def deploy(client: WatchedClient, what: Manifest) -> Applied:
    return apply(plan(what, client), client, lambda action: None)


def whole(org: OrgServer) -> dict[str, Any]:
    """Everything that deploy could touch: all definitions, and the rows of the system tables."""
    expand = "Attributes($select=LogicalName,AttributeType,DisplayName,Description)"
    tables = org.rows(f"EntityDefinitions?$select=LogicalName&$expand={expand}")
    rows = {name: org.rows(name) for name in SYSTEM}
    columns = {
        (table["LogicalName"], column["LogicalName"]): column
        for table in tables
        for column in table["Attributes"]
    }
    return {"columns": columns, **rows}


def labels(org: OrgServer, column: str) -> dict[int, dict[int, str]]:
    path = f"EntityDefinitions(LogicalName='account')/Attributes(LogicalName='{column}')"
    found = org.get(f"{path}/Microsoft.Dynamics.CRM.PicklistAttributeMetadata?$expand=OptionSet")
    return {
        option["Value"]: {
            text["LanguageCode"]: text["Label"] for text in option["Label"]["LocalizedLabels"]
        }
        for option in found["OptionSet"]["Options"]
    }
