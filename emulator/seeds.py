"""The rows every organisation has: itself, its root business unit, its service user.

The ids are fixed, so that two emulators started on the same data answer alike.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from emulator.organization import Organization

ORGANIZATION_ID = "4b5c6d7e-0000-4000-8000-00000000c001"
ROOT_UNIT_ID = "0f3f7c2a-1c6e-4c6a-9a1d-0d6b6b1e0001"
SERVICE_USER_ID = "9c1b7f10-77aa-4e0e-b1d5-51a7c0de0001"
ROOT_TEAM_ID = "7ea30000-0000-4000-8000-00000000d001"
ORGANIZATION_NAME = "unq4b5c6d7e0000400080000000c001"
STANDING = ("organization", "businessunit", "systemuser", "team", "usersettings")
LANGUAGES = (1033, 1065)
BASE_LANGUAGE = 1033


def seed(org: "Organization") -> None:
    """Add the standing rows; called once, before any data is loaded."""
    with org.transaction() as tx:
        for table, row in _rows():
            stamps = {"createdon": org.now(), "modifiedon": org.now()}
            columns = org.definitions.tables[table].columns
            stamped = {name: value for name, value in stamps.items() if name in columns}
            tx.insert(org.definitions.tables[table], stamped | row)


def _rows() -> list[tuple[str, dict[str, Any]]]:
    unit = {"businessunitid": ROOT_UNIT_ID, "businessunitid@type": "businessunit"}
    organization = {
        "organizationid": ORGANIZATION_ID,
        "name": ORGANIZATION_NAME,
        "languagecode": BASE_LANGUAGE,
        "expirechangetrackingindays": 7,
    }
    user = unit | {
        "systemuserid": SERVICE_USER_ID,
        "fullname": "gradesys service",
        "firstname": "gradesys",
        "lastname": "service",
        "internalemailaddress": "service@example.invalid",
        "isdisabled": False,
        "accessmode": 4,
    }
    team = unit | {
        "teamid": ROOT_TEAM_ID,
        "name": "root",
        "isdefault": True,
        "teamtype": 0,
        "administratorid": SERVICE_USER_ID,
        "administratorid@type": "systemuser",
    }
    return [
        ("organization", organization),
        ("businessunit", {"businessunitid": ROOT_UNIT_ID, "name": "root", "isdisabled": False}),
        ("systemuser", user),
        ("team", team),
        ("usersettings", {"systemuserid": SERVICE_USER_ID, "uilanguageid": BASE_LANGUAGE}),
    ]
