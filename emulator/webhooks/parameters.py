"""The input parameters of the messages that are about more than one row."""

from collections.abc import Callable, Mapping
from typing import Any

from emulator.changes import Change
from emulator.rows.closing import CLOSING_MESSAGES
from emulator.webhooks.encoding import NO_ID, entity_type, option, reference
from emulator.webhooks.messages import MEMBERSHIP

Tree = dict[str, Any]


def _linking(change: Change, content: Tree) -> Tree:
    """Associate and Disassociate: the relationship and the rows on its other side."""
    related = change.parameters["RelatedTable"]
    relationship = {
        "__type": entity_type("Relationship"),
        "PrimaryEntityRole": None,
        "SchemaName": change.parameters["Relationship"],
    }
    return {
        "Target": reference(change.table, change.id),
        "Relationship": relationship,
        "RelatedEntities": [
            reference(related, row) for row in change.parameters["RelatedEntities"]
        ],
    }


def _merging(change: Change, content: Tree) -> Tree:
    """Merge: the row that stays, the one that goes, and what the first takes over."""
    return {
        "Target": reference(change.table, change.id),
        "SubordinateId": change.parameters["SubordinateId"],
        "UpdateContent": {"__type": entity_type("Entity")} | content,
        "PerformParentingChecks": change.parameters["PerformParentingChecks"],
    }


def _closing(change: Change, content: Tree) -> Tree:
    """Win, Close and their kin: the activity that closes, bound to the row, and the status."""
    activity = change.parameters["Activity"]
    bound = {"key": f"{change.table}id", "value": reference(change.table, change.id)}
    entity = {
        "__type": entity_type("Entity"),
        "Attributes": [bound],
        "EntityState": None,
        "FormattedValues": [],
        "Id": NO_ID,
        "KeyAttributes": [],
        "LogicalName": activity.lower(),
        "RelatedEntities": [],
        "RowVersion": None,
    }
    return {activity: entity, "Status": option(change.parameters["Status"])}


def _listing(change: Change, content: Tree) -> Tree:
    """Members of a marketing list: guids only."""
    return dict(change.parameters)


PARAMETERS: Mapping[str, Callable[[Change, Tree], Tree]] = {
    "Associate": _linking,
    "Disassociate": _linking,
    **dict.fromkeys(MEMBERSHIP, _listing),
    **dict.fromkeys(CLOSING_MESSAGES, _closing),
    "Merge": _merging,
}
"""Message -> its parameters from the change and from the changed columns as an entity."""
