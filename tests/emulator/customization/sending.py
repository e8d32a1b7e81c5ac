"""Bodies of definitions, and the requests that send them to an organisation."""

from typing import Any

import msgspec

from emulator.customization.routes import ACTIONS, write_definition
from emulator.definitions import Choice, Column
from emulator.organization import Organization
from emulator.webapi.calls import Answer, Call, Headers

ROOT = "http://127.0.0.1/api/data/v9.2/"
CRM = "Microsoft.Dynamics.CRM."
ACCOUNT = "EntityDefinitions(LogicalName='account')/Attributes"
Body = dict[str, Any]


def label(english: str, persian: str | None = None, **languages: str) -> Body:
    texts = [(1033, english)] + ([(1065, persian)] if persian else [])
    texts += [(int(code[1:]), text) for code, text in languages.items()]
    return {
        "LocalizedLabels": [{"Label": text, "LanguageCode": code} for code, text in texts if text]
    }


def column(kind: str, name: str = "gs_Test", **members: Any) -> Body:
    return {
        "@odata.type": f"{CRM}{kind}AttributeMetadata",
        "SchemaName": name,
        "DisplayName": label("Test", "آزمون"),
    } | members


def options(*values: int) -> Body:
    return {"IsGlobal": False, "Options": [{"Value": value, "Label": label(f"Option {value}")}
                                           for value in values]}  # fmt: skip


def call(org: Organization, method: str, path: str, body: Body, **headers: str) -> Call:
    named = Headers({name.replace("_", "."): value for name, value in headers.items()})
    return Call(org, method, path, "", named, msgspec.json.encode(body), ROOT)


def write(
    org: Organization, method: str, path: str, body: Body | None = None, **headers: str
) -> Answer:
    return write_definition(call(org, method, path, body or {}, **headers))


def act(org: Organization, action: str, **body: Any) -> Answer:
    return ACTIONS[action](call(org, "POST", action, body))


def stored(org: Organization, name: str = "gs_test") -> Column:
    return org.definitions.tables["account"].columns[name]


def choice(org: Organization, name: str = "gs_test") -> Choice:
    found = org.definitions.choice_of(stored(org, name))
    assert found is not None
    return found


def new_table(org: Organization, name: str = "gs_History", **members: Any) -> Answer:
    primary = column("String", "gs_Name", IsPrimaryName=True)
    body = {
        "@odata.type": f"{CRM}EntityMetadata",
        "SchemaName": name,
        "DisplayName": label("History"),
        "DisplayCollectionName": label("Histories"),
        "Attributes": [primary],
    }
    return write(org, "POST", "EntityDefinitions", body | members)
