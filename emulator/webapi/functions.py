"""Unbound functions: who is asking, which version, which languages."""

from collections.abc import Mapping
from typing import Any

from emulator.seeds import LANGUAGES, ORGANIZATION_ID, ROOT_UNIT_ID
from emulator.users_caller import caller_id
from emulator.webapi.calls import Answer, Call, Handler

VERSION = "9.2.24014.198"
_DOP_HINT = "8"


def who_am_i(call: Call) -> Answer:
    ids = {
        "BusinessUnitId": ROOT_UNIT_ID,
        "UserId": caller_id(),
        "OrganizationId": ORGANIZATION_ID,
    }
    answer = _answer(call, "WhoAmI", ids)
    return Answer(answer.status, answer.body, {"x-ms-dop-hint": _DOP_HINT})


def retrieve_version(call: Call) -> Answer:
    return _answer(call, "RetrieveVersion", {"Version": VERSION})


def retrieve_languages(call: Call) -> Answer:
    name = "RetrieveProvisionedLanguages"
    return _answer(call, name, {name: list(LANGUAGES)})


def _answer(call: Call, name: str, members: Mapping[str, Any]) -> Answer:
    context = f"{call.root}$metadata#Microsoft.Dynamics.CRM.{name}Response"
    return Answer(200, {"@odata.context": context, **members})


FUNCTIONS: Mapping[str, Handler] = {
    "WhoAmI": who_am_i,
    "RetrieveVersion": retrieve_version,
    "RetrieveProvisionedLanguages": retrieve_languages,
}
