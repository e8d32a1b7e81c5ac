"""Where the Web API finds the customizations: actions by name, definitions by address."""

from collections.abc import Callable, Mapping

from emulator.customization import choice_requests as choices
from emulator.customization import column_requests as columns
from emulator.customization import key_requests as keys
from emulator.customization import publish, solutions
from emulator.customization import relationship_requests as relationships
from emulator.customization import table_requests as tables
from emulator.customization.addresses import segments
from emulator.customization.polymorphic_requests import POLYMORPHIC
from emulator.errors import Unsupported
from emulator.surface import imports, labels
from emulator.webapi.calls import Answer, Call, Handler

ACTIONS: Mapping[str, Handler] = {
    "AddSolutionComponent": solutions.add_solution_component,
    "CreateEntities": tables.create_tables,
    "DeleteOptionValue": choices.delete_option_value,
    "ImportSolutionAsync": imports.import_solution,
    "InsertOptionValue": choices.insert_option_value,
    "OrderOption": choices.order_option,
    "PublishAllXml": publish.publish_all,
    "PublishXml": publish.publish,
    "ReactivateEntityKey": keys.reactivate_key,
    "SetLocLabels": labels.set_labels,
    "RemoveSolutionComponent": solutions.remove_solution_component,
    "UpdateOptionValue": choices.update_option_value,
    **POLYMORPHIC,
}
"""Unbound actions: `POST <name>`."""

DEFINITIONS = frozenset({"EntityDefinitions", "GlobalOptionSetDefinitions",
                         "RelationshipDefinitions"})  # fmt: skip
"""Collections whose other methods than GET go to `write_definition`."""

Keys = tuple[str, ...]
WRITES: Mapping[tuple[str, str, int], Callable[..., Answer]] = {
    ("POST", "EntityDefinitions", 0): tables.create_table,
    ("PUT", "EntityDefinitions", 1): tables.change_table,
    ("DELETE", "EntityDefinitions", 1): tables.delete_table,
    ("POST", "EntityDefinitions/Attributes", 1): columns.create_column,
    ("PUT", "EntityDefinitions/Attributes", 2): columns.change_column,
    ("DELETE", "EntityDefinitions/Attributes", 2): columns.delete_column,
    ("POST", "EntityDefinitions/Keys", 1): keys.create_key,
    ("DELETE", "EntityDefinitions/Keys", 2): keys.delete_key,
    ("POST", "GlobalOptionSetDefinitions", 0): choices.create_choice,
    ("PUT", "GlobalOptionSetDefinitions", 1): choices.change_choice,
    ("DELETE", "GlobalOptionSetDefinitions", 1): choices.delete_choice,
    ("POST", "RelationshipDefinitions", 0): relationships.create_relationship,
    ("DELETE", "RelationshipDefinitions", 1): relationships.delete_relationship,
}
"""(method, collections, number of keys) -> handler(call, *keys)."""


def write_definition(call: Call) -> Answer:
    """POST, PUT or DELETE below one of DEFINITIONS."""
    parts = segments(call.path)
    collections = "/".join(part.collection for part in parts)
    keys = [part.key for part in parts if part.key is not None]
    handler = WRITES.get((call.method, collections, len(keys)))
    if handler is None:
        raise Unsupported(f"{call.method} {call.path}")
    return handler(call, *keys)
