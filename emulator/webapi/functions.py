"""Unbound functions: who is asking, which version, which languages, how many rows."""

from collections.abc import Mapping
from typing import Any

from emulator.customization.addresses import find_table
from emulator.errors import ApiError
from emulator.rows.schema import quote
from emulator.seeds import LANGUAGES, ORGANIZATION_ID, ROOT_UNIT_ID
from emulator.surface.labels import retrieve_labels
from emulator.users_caller import caller_id, require
from emulator.webapi.arguments import read_arguments
from emulator.webapi.calls import Answer, Call, Handler
from emulator.webapi.metadata_changes import retrieve_metadata_changes

VERSION = "9.2.24014.198"
_DOP_HINT = "8"


def who_am_i(call: Call) -> Answer:
    read_arguments(call)
    ids = {
        "BusinessUnitId": ROOT_UNIT_ID,
        "UserId": caller_id(),
        "OrganizationId": ORGANIZATION_ID,
    }
    answer = _answer(call, "WhoAmI", ids)
    return Answer(answer.status, answer.body, {"x-ms-dop-hint": _DOP_HINT})


def retrieve_version(call: Call) -> Answer:
    read_arguments(call)
    return _answer(call, "RetrieveVersion", {"Version": VERSION})


def retrieve_organization(call: Call) -> Answer:
    """Whose and what kind of an organisation this is: one for developers."""
    read_arguments(call, "AccessType")
    detail = {
        "OrganizationId": ORGANIZATION_ID,
        "OrganizationType": "Developer",
        "OrganizationVersion": VERSION,
    }
    return _answer(call, "RetrieveCurrentOrganization", {"Detail": detail})


def retrieve_languages(call: Call) -> Answer:
    read_arguments(call)
    name = "RetrieveProvisionedLanguages"
    return _answer(call, name, {name: list(LANGUAGES)})


def retrieve_total_record_count(call: Call) -> Answer:
    """How many rows the named tables have (in Dataverse as of some time of the last day)."""
    names = read_arguments(call, "EntityNames")["EntityNames"]
    tables = [find_table(call.org.definitions, f"LogicalName='{name}'") for name in names]
    for table in tables:
        require(table, "read")
    with call.org.reading() as connection:
        counts = [
            connection.execute(f"SELECT count(*) FROM {quote(table.name)}").fetchone()[0]
            for table in tables
        ]
    found = {"Count": len(names), "IsReadOnly": False, "Keys": names, "Values": counts}
    return _answer(call, "RetrieveTotalRecordCount", {"EntityRecordCountCollection": found})


def retrieve_environment_variable(call: Call) -> Answer:
    """The value of an environment variable, else its default."""
    name = read_arguments(call, "DefinitionSchemaName")["DefinitionSchemaName"]
    require(call.org.definitions.tables["environmentvariabledefinition"], "read")
    for row in call.org.rows("environmentvariabledefinition", schemaname=name):
        key = {"environmentvariabledefinitionid": row["environmentvariabledefinitionid"]}
        values = [item["value"] for item in call.org.rows("environmentvariablevalue", **key)]
        value = next(iter(values), row["defaultvalue"])
        return _answer(call, "RetrieveEnvironmentVariableValue", {"Value": value})
    message = f"environmentvariabledefinition With schemaname = {name} Does Not Exist"
    raise ApiError(404, "0x80040217", message)


def _answer(call: Call, name: str, members: Mapping[str, Any]) -> Answer:
    context = f"{call.root}$metadata#Microsoft.Dynamics.CRM.{name}Response"
    return Answer(200, {"@odata.context": context, **members})


FUNCTIONS: Mapping[str, Handler] = {
    "WhoAmI": who_am_i,
    "RetrieveCurrentOrganization": retrieve_organization,
    "RetrieveVersion": retrieve_version,
    "RetrieveEnvironmentVariableValue": retrieve_environment_variable,
    "RetrieveLocLabels": retrieve_labels,
    "RetrieveMetadataChanges": retrieve_metadata_changes,
    "RetrieveProvisionedLanguages": retrieve_languages,
    "RetrieveTotalRecordCount": retrieve_total_record_count,
}
