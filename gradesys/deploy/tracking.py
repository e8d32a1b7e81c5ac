"""Change tracking of the tables that the rules read: what the catch-up needs of an organisation.

Only on demand, because Dataverse turns it on and never off again (dataverse.md 3.11): ``remove``
leaves it as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from gradesys.dataverse.client import Client
from gradesys.deploy.actions import MERGE_LABELS, Action, ActionKind, Call, leave
from gradesys.deploy.reading import FRESH, Found

FLAG, POSSIBLE = "ChangeTrackingEnabled", "CanChangeTrackingBeEnabled"
WHY = "off; once on it cannot be turned off again, also not by deploy remove"
NEVER = "the organisation does not allow it; what is lost there waits for the nightly resync"


def read_tables(client: Client, tables: Iterable[str]) -> dict[str, Found]:
    """The whole definitions of existing tables: whoever changes one puts all of it back."""
    return {
        table: client.request(
            "GET", f"EntityDefinitions(LogicalName='{table}')", headers=FRESH
        ).json()
        for table in tables
    }


def tracking_actions(definitions: Mapping[str, Found]) -> Iterator[Action]:
    """Turn tracking on where it is off and may be turned on."""
    for table, definition in definitions.items():
        what = f"tracking of {table}"
        if definition[FLAG]:
            yield leave(what)
        elif not (definition.get(POSSIBLE) or {}).get("Value", True):
            yield Action(ActionKind.LEAVE, what, NEVER)
        else:
            body = {**definition, FLAG: True}
            body.pop("@odata.context", None)
            path = f"EntityDefinitions(LogicalName='{table}')"
            yield Action(ActionKind.CHANGE, what, WHY, (Call("PUT", path, body, MERGE_LABELS),))
