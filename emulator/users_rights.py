"""Which privilege a request needs before anything is done (dataverse.md 7.2).

Reading is checked once more for every table a query touches (`emulator.query.source`), and links
where they are bound (`emulator.rows.payload`).
"""

from collections.abc import Mapping, Sequence

from emulator.definitions import Table
from emulator.users_caller import is_restricted, require, require_privilege
from emulator.webapi.calls import Call

_MESSAGE = "Microsoft.Dynamics.CRM."
_BULK: Mapping[str, tuple[str, ...]] = {
    "CreateMultiple": ("create",),
    "UpdateMultiple": ("write",),
    "UpsertMultiple": ("create", "write"),
}
_ON_ROW: Mapping[str, str] = {"GET": "read", "PATCH": "write", "DELETE": "delete"}
_DEFINITIONS: Mapping[str, str] = {
    "EntityDefinitions": "Entity",
    "Attributes": "Attribute",
    "RelationshipDefinitions": "Relationship",
    "GlobalOptionSetDefinitions": "OptionSet",
    "Keys": "EntityKey",
}
_WRITES: Mapping[str, str] = {"POST": "Create", "PUT": "Write", "DELETE": "Delete"}
_ACTIONS: Mapping[str, str] = {
    "BulkDelete": "prvBulkDelete",
    "AddSolutionComponent": "prvWriteSolution",
    "CreateCustomerRelationships": "prvCreateRelationship",
    "CreateEntities": "prvCreateEntity",
    "CreatePolymorphicLookupAttribute": "prvCreateRelationship",
    "DeleteOptionValue": "prvWriteOptionSet",
    "InsertOptionValue": "prvWriteOptionSet",
    "Merge": "prvMerge",
    "OrderOption": "prvWriteOptionSet",
    "ImportSolutionAsync": "prvImportCustomization",
    "PublishAllXml": "prvPublishCustomization",
    "PublishXml": "prvPublishCustomization",
    "RemoveSolutionComponent": "prvWriteSolution",
    "UpdateOptionValue": "prvWriteOptionSet",
}


def authorize_set(call: Call, table: Table, rest: Sequence[str]) -> None:
    """403 for a request to an entity set that the user may not send."""
    if rest and rest[0].startswith(_MESSAGE):
        for right in _BULK.get(rest[0].removeprefix(_MESSAGE), ()):
            require(table, right)
    elif call.method == "GET":
        require(table, "read")


def authorize_row(call: Call, table: Table, row_id: str, rest: Sequence[str]) -> None:
    """403 for a request to a row or a part of it that the user may not send."""
    if not is_restricted():
        return
    if rest:
        _authorize_member(call, table, rest)
    elif call.method == "PATCH" and _is_new(call, table, row_id):
        require(table, "create")
    elif call.method in _ON_ROW:
        require(table, _ON_ROW[call.method])


def authorize_definition(call: Call) -> None:
    """403 for a change of the definitions without the privilege for it."""
    if call.method in _WRITES:
        names = [segment.partition("(")[0] for segment in call.path.split("/")]
        kind = next(_DEFINITIONS[name] for name in reversed(names) if name in _DEFINITIONS)
        require_privilege(f"prv{_WRITES[call.method]}{kind}")


def authorize_action(name: str) -> None:
    """403 for an action without the privilege it names."""
    if name in _ACTIONS:
        require_privilege(_ACTIONS[name])


def _authorize_member(call: Call, table: Table, rest: Sequence[str]) -> None:
    if call.method == "GET":
        require(table, "read")
        return
    navigation = rest[0].partition("(")[0]
    children = call.org.definitions.children.get((table.name, navigation))
    if children is not None:
        require(table, "appendto")
        if rest[-1] == "$ref" or "(" in rest[0]:
            require(call.org.definitions.tables[children.child], "append")
    elif rest[-1] == "$ref":
        require(table, "append")
    elif not rest[0].startswith(_MESSAGE):
        require(table, "write")


def _is_new(call: Call, table: Table, row_id: str) -> bool:
    return "if-match" not in call.headers and call.org.row(table.name, row_id) is None
