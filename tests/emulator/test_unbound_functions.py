"""Functions of the organisation: totals, languages, environment variables."""

import pytest

from tests.emulator.serving import OrgServer


@pytest.mark.parametrize("path", [
    "RetrieveTotalRecordCount(EntityNames=['account','lead'])",
    'RetrieveTotalRecordCount(EntityNames=@names)?@names=["account","lead"]',
])  # fmt: skip
def test_all_rows_of_tables_are_counted(org_server: OrgServer, path: str) -> None:
    org_server.create("accounts", name="x")
    counts = org_server.get(path)["EntityRecordCountCollection"]
    assert (counts["Keys"], counts["Values"]) == (["account", "lead"], [1, 0])


def test_an_environment_variable_has_its_value_else_its_default(org_server: OrgServer) -> None:
    name = "var_Url'x"
    org_server.create("publishers", uniquename="variables", customizationprefix="var")
    definition = org_server.create("environmentvariabledefinitions", schemaname=name,
                                   displayname="x", type=100000000, defaultvalue="d")  # fmt: skip
    path = "RetrieveEnvironmentVariableValue(DefinitionSchemaName='var_Url''x')"
    assert org_server.get(path)["Value"] == "d"
    bound = f"/environmentvariabledefinitions({definition})"
    org_server.create("environmentvariablevalues", schemaname=name, value="v",
                      EnvironmentVariableDefinitionId__bind=bound)  # fmt: skip
    assert org_server.get(path)["Value"] == "v"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("RetrieveEnvironmentVariableValue(DefinitionSchemaName='nobody')", 404),
        ("RetrieveEnvironmentVariableValue()", 400),
        ("RetrieveEnvironmentVariableValue(DefinitionSchemaName=nobody)", 400),
        ("RetrieveTotalRecordCount(EntityNames=['nobody'])", 404),
        ("WhoAmI(x=1)", 501),
        ("WhoAmI()?$select=UserId", 501),
    ],
)
def test_what_they_cannot_answer_is_refused(
    refusing_server: OrgServer, path: str, status: int
) -> None:
    assert refusing_server.send("GET", path).status_code == status
