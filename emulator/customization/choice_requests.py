"""Global choices, and the actions that change one option of a choice."""

from typing import Any

import msgspec

from emulator.customization.addresses import find_choice
from emulator.customization.bodies import OptionSetBody, Shape, kind_of, read
from emulator.customization.choices import (
    OptionText,
    delete_option,
    global_choice,
    insert_option,
    order_options,
    update_option,
)
from emulator.customization.column_requests import CANNOT_DELETE, DUPLICATE, merge_labels
from emulator.customization.labels import LabelBody, labels_of, merged, require_label
from emulator.customization.readback import changeable
from emulator.customization.solutions import CHOICE, add_to_named_solution, forget_component
from emulator.definitions import Choice, Column, Table
from emulator.errors import ApiError, Unsupported, invalid_argument
from emulator.organization import Organization
from emulator.webapi.calls import Answer, Call, created
from emulator.webapi.described import option_set


class Place(Shape):
    """Which choice an action is about: a column's, or a global one by `OptionSetName`."""

    entity_logical_name: str | None = None
    attribute_logical_name: str | None = None
    option_set_name: str | None = None
    solution_unique_name: str | None = None


class ChoiceChange(Shape, kw_only=True):
    """What `PUT GlobalOptionSetDefinitions(...)` may change."""

    display_name: LabelBody


class InsertBody(Place, kw_only=True):
    """`InsertOptionValue`."""

    label: LabelBody
    value: int | None = None


class UpdateBody(Place, kw_only=True):
    """`UpdateOptionValue`."""

    value: int
    label: LabelBody
    merge_labels: bool = False


class DeleteBody(Place, kw_only=True):
    """`DeleteOptionValue`."""

    value: int


class OrderBody(Place, kw_only=True):
    """`OrderOption`."""

    values: list[int]


def insert_option_value(call: Call) -> Answer:
    """Adds an option and answers its value."""
    body = read(call.json(), InsertBody, "InsertOptionValue")
    text = OptionText(labels_of(body.label))
    require_label(text.labels, "option")
    with call.org.transaction():
        choice, value = insert_option(_choice(call.org, body), body.value, text)
        _store(call.org, body, choice)
    context = f"{call.root}$metadata#Microsoft.Dynamics.CRM.InsertOptionValueResponse"
    return Answer(200, {"@odata.context": context, "NewOptionValue": value})


def update_option_value(call: Call) -> Answer:
    """Gives an option other labels."""
    body = read(call.json(), UpdateBody, "UpdateOptionValue")
    text = OptionText(labels_of(body.label), body.merge_labels)
    with call.org.transaction():
        _store(call.org, body, update_option(_choice(call.org, body), body.value, text))
    return Answer(204)


def delete_option_value(call: Call) -> Answer:
    """Takes an option away; rows that have it keep the number."""
    body = read(call.json(), DeleteBody, "DeleteOptionValue")
    with call.org.transaction():
        _store(call.org, body, delete_option(_choice(call.org, body), body.value))
    return Answer(204)


def order_option(call: Call) -> Answer:
    """Puts the options in another order."""
    body = read(call.json(), OrderBody, "OrderOption")
    with call.org.transaction():
        _store(call.org, body, order_options(_choice(call.org, body), body.values))
    return Answer(204)


def create_choice(call: Call) -> Answer:
    """`POST GlobalOptionSetDefinitions`: 204 with the new choice's address."""
    members = call.json()
    if kind_of(members, "OptionSetMetadata"):
        raise Unsupported(f"the definition type {members.get('@odata.type')}")
    choice = global_choice(read(members, OptionSetBody, "OptionSetMetadata"))
    with call.org.transaction():
        if choice.name in call.org.definitions.choices:
            raise ApiError(400, DUPLICATE, f"An option set named {choice.name} already exists.")
        call.org.define_choice(choice)
        add_to_named_solution(call, choice.id, CHOICE)
    return created(f"{call.root}GlobalOptionSetDefinitions({choice.id})")


def change_choice(call: Call, key: str) -> Answer:
    """`PUT GlobalOptionSetDefinitions(...)`: its labels; options have actions of their own."""
    sent = call.json()
    with call.org.transaction():
        stored = find_choice(call.org.definitions, key)
        members = changeable(sent, option_set(stored), ("DisplayName",))
        body = read(members, ChoiceChange, "OptionSetMetadata")
        labels = merged(stored.labels, labels_of(body.display_name), merge_labels(call))
        require_label(labels, stored.name)
        call.org.define_choice(msgspec.structs.replace(stored, labels=labels))
    return Answer(204)


def delete_choice(call: Call, key: str) -> Answer:
    """`DELETE GlobalOptionSetDefinitions(...)`: 400 while a column uses it."""
    with call.org.transaction():
        choice = find_choice(call.org.definitions, key)
        tables = call.org.definitions.tables.values()
        users = [t.name for t in tables for c in t.columns.values()
                 if c.global_choice == choice.name]  # fmt: skip
        if users:
            message = f"The option set {choice.name} is used by {', '.join(users)}."
            raise ApiError(400, CANNOT_DELETE, message)
        call.org.remove_choice(choice.name)
        forget_component(call.org, choice.id)
    return Answer(204)


def _choice(org: Organization, place: Place) -> Choice:
    if place.option_set_name is not None:
        return find_choice(org.definitions, f"Name='{place.option_set_name}'")
    _, column = _column(org, place)
    choice = org.definitions.choice_of(column)
    if choice is None:
        raise invalid_argument(f"The attribute {column.name} has no options.")
    return choice


def _store(org: Organization, place: Place, choice: Choice) -> None:
    if choice.is_global:
        org.define_choice(choice)
        return
    table, column = _column(org, place)
    changed: Any = {column.name: msgspec.structs.replace(column, choice=choice)}
    org.define_table(msgspec.structs.replace(table, columns=table.columns | changed))


def _column(org: Organization, place: Place) -> tuple[Table, Column]:
    table = org.definitions.tables.get(place.entity_logical_name or "")
    column = table.columns.get(place.attribute_logical_name or "") if table else None
    if table is None or column is None:
        named = f"{place.entity_logical_name}.{place.attribute_logical_name}"
        raise invalid_argument(f"There is no attribute {named}.")
    return table, column
