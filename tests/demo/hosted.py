"""A small org with a web resource and commands of its own, to try what the page offers them."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from tests.line.running import Line, emulated

PROBE = Path(__file__).with_name("probe.js")
RESOURCE = "gs_/js/probe.js"
READER = str(uuid5(NAMESPACE_OID, "reader"))
USERS = {
    "roles": {"Reader": {"tables": {"*": ["read"]}}},
    "users": [{"applicationid": READER, "name": "Reader One", "roles": ["Reader"]}],
}
FORM, LIST, SUBGRID = 0, 1, 2
CONTROL, GRID, IDS = 5, 12, 23
COMMANDS = (
    ("Read", FORM, "account", "read", [CONTROL]),
    ("Save first", FORM, "account", "saveFirst", [CONTROL]),
    ("Refresh", FORM, "account", "refresh", [CONTROL]),
    ("Ask", FORM, "account", "ask", [CONTROL]),
    ("Call", FORM, "account", "call", [CONTROL]),
    ("Fail", FORM, "account", "fail", [CONTROL]),
    ("Selected", LIST, "account", "selected", [GRID, IDS]),
    ("Below", SUBGRID, "contact", "selected", [GRID, IDS]),
)
PERSIAN = {"Read": "خواندن"}
VIEW = {
    "id": "accounts",
    "title": {"en": "Accounts", "fa": "مشتریان"},
    "table": "account",
    "output": {"score": "numberofemployees"},
    "grades": {},
    "columns": ["statecode", "revenue"],
    "related": [
        {"table": "contact", "path": [["contact", "parentcustomerid"]], "columns": ["statecode"]}
    ],
}


def account(number: int) -> str:
    """The id of an account."""
    return str(uuid5(NAMESPACE_OID, f"account {number}"))


@contextmanager
def hosted(folder: Path) -> Iterator[Line]:
    """The org while the block lasts; nothing of gradesys is deployed in it."""
    users = folder / "users.json"
    users.write_text(json.dumps(USERS), encoding="utf-8")
    with emulated(_rows(), folder, "--users", str(users)) as url:
        line = Line(folder, url, 0)
        try:
            _customize(line)
            line.session.post(f"{url}/_emulator/views", json=[VIEW], timeout=30)
            yield line
        finally:
            line.session.close()


def _rows() -> dict[str, list[dict[str, Any]]]:
    accounts = [
        {
            "accountid": account(n),
            "name": f"Customer {n}",
            "numberofemployees": n,
            "revenue": 1000 * n,
            "statecode": 0,
            "statuscode": 1,
        }
        for n in range(1, 61)
    ]
    contacts = [
        {
            "contactid": str(uuid5(NAMESPACE_OID, f"contact {n}")),
            "fullname": f"Person {n}",
            "lastname": f"Person {n}",
            "_parentcustomerid_value": account(7),
            "_parentcustomerid_value@Microsoft.Dynamics.CRM.lookuplogicalname": "account",
            "statecode": 0,
            "statuscode": 1,
        }
        for n in range(1, 4)
    ]
    return {"account": accounts, "contact": contacts}


def _customize(line: Line) -> None:
    names = {"uniquename": "gradesys", "friendlyname": "gradesys"}
    _post(line, "publishers", {**names, "customizationprefix": "gs"})
    content = base64.b64encode(PROBE.read_bytes()).decode()
    script = {"name": RESOURCE, "displayname": "Probe", "webresourcetype": 3, "content": content}
    resource = _post(line, "webresourceset", script).split("(")[-1].rstrip(")")
    parts = f"<webresources><webresource>{{{resource}}}</webresource></webresources>"
    document = {"ParameterXml": f"<importexportxml>{parts}</importexportxml>"}
    assert line.api("POST", "PublishXml", document).status_code == 204
    for place, command in enumerate(COMMANDS):
        made = _post(line, "appactions", _command(resource, place, *command))
        if command[0] in PERSIAN:
            _translate(line, made, PERSIAN[command[0]])
    api = {"uniquename": "gs_Probe", "name": "gs_Probe", "displayname": "gs_Probe"}
    guarded = {"bindingtype": 0, "executeprivilegename": "prvCreateTask", "isfunction": False}
    _post(line, "customapis", {**api, **guarded, "allowedcustomprocessingsteptype": 2})
    found = line.rows("customapis?$select=customapiid&$filter=uniquename eq 'gs_Probe'")
    text = {"uniquename": "Text", "name": "Text", "displayname": "Text", "type": 10}
    bind = {"CustomAPIId@odata.bind": f"/customapis({found[0]['customapiid']})"}
    _post(line, "customapirequestparameters", {**text, "isoptional": True, **bind})


def _command(resource: str, place: int, label: str, location: int, *what: Any) -> dict[str, Any]:
    table, function, parameters = what
    return {
        "name": f"gs_{function}_{location}",
        "uniquename": f"gs_{function}!{table}!{location}",
        "context": 1,
        "contextvalue": table,
        "location": location,
        "type": 0,
        "hidden": False,
        "sequence": float(place),
        "buttonlabeltext": label,
        "onclickeventtype": 2,
        "OnClickEventJavaScriptWebResourceId@odata.bind": f"/webresourceset({resource})",
        "onclickeventjavascriptfunctionname": f"Probe.{function}",
        "onclickeventjavascriptparameters": json.dumps([{"type": number} for number in parameters]),
    }


def _translate(line: Line, address: str, text: str) -> None:
    name = "Microsoft.Dynamics.CRM.appaction"
    moniker = {"@odata.type": name, "appactionid": address.split("(")[-1].rstrip(")")}
    labels = [{"Label": text, "LanguageCode": 1065}]
    body = {"EntityMoniker": moniker, "AttributeName": "buttonlabeltext", "Labels": labels}
    answer = line.api("POST", "SetLocLabels", body)
    assert answer.status_code == 204, answer.text


def _post(line: Line, path: str, body: dict[str, Any]) -> str:
    answer = line.api("POST", path, body)
    assert answer.status_code in {201, 204}, answer.text
    return answer.headers["OData-EntityId"]
