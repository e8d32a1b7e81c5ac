"""Columns and choices: what must be created or changed, and what stands in the way.

A column that apply made says so in its description; only such a column's texts and precision are
kept in step with the rules. A customer's own column is used as it is, and at most given options.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from gradesys.dataverse.attributes import column_from
from gradesys.deploy.actions import (
    IN_SOLUTION,
    MERGE_LABELS,
    Action,
    ActionKind,
    Call,
    leave,
    refuse,
)
from gradesys.deploy.definitions import column_definition, describe
from gradesys.deploy.names import PREFIX, is_ours
from gradesys.deploy.options import Placed, place, recall
from gradesys.deploy.reading import Found, kind_of
from gradesys.deploy.specs import ColumnSpec, is_note
from gradesys.deploy.texts import Languages, label, label_texts, translations
from gradesys.records import Kind, Option

READ_ONLY = frozenset({"@odata.context", "OptionSet", "GlobalOptionSet"})
"""What a definition is not put back with: options are changed by actions of their own."""


class Stored(Struct, frozen=True):
    """A column as the organisation has it. ``shared`` is the name of a global choice."""

    definition: Found
    ours: bool
    memory: Mapping[str, int]
    options: tuple[Option, ...]
    shared: str


def column_action(spec: ColumnSpec, definition: Found | None, languages: Languages) -> Action:
    """Create the column, bring it up to date, leave it, or refuse what does not fit."""
    what = f"column {spec.label} ({spec.column.kind})"
    if definition is None:
        return _creation(spec, what, languages)
    kind = kind_of(definition)
    if kind not in spec.fits:
        fitting = " or ".join(sorted(spec.fits))
        return refuse(what, f"it exists as {kind}, needed is {fitting}; name another column")
    stored = read_stored(definition)
    calls = tuple(_changes(spec, stored, languages))
    if not calls:
        return leave(what)
    return Action(ActionKind.CHANGE, what, _told(calls), calls)


def read_stored(definition: Found) -> Stored:
    """What matters of a column's definition."""
    descriptions = label_texts(definition.get("Description")).values()
    choice = definition.get("OptionSet") or definition.get("GlobalOptionSet") or {}
    return Stored(
        definition=definition,
        ours=any(is_note(text) for text in descriptions),
        memory=recall(descriptions),
        options=column_from(definition).options,
        shared=choice["Name"] if choice.get("IsGlobal") else "",
    )


def _creation(spec: ColumnSpec, what: str, languages: Languages) -> Action:
    if not is_ours(spec.name):
        why = f"it does not exist, and only columns that begin with {PREFIX}_ can be created"
        return refuse(what, why)
    body = column_definition(spec, languages)
    path = f"EntityDefinitions(LogicalName='{spec.table}')/Attributes"
    return Action(ActionKind.CREATE, what, calls=(Call("POST", path, body, IN_SOLUTION),))


def _changes(spec: ColumnSpec, stored: Stored, languages: Languages) -> Iterator[Call]:
    placed: Sequence[Placed] = ()
    if kind_of(stored.definition) is Kind.CHOICE:
        placed = place(spec.options, stored.options, stored.memory)
        for option in placed:
            yield from _option_change(spec, stored, option, languages)
    if stored.ours:
        yield from _definition_change(spec, stored, placed, languages)


def _option_change(
    spec: ColumnSpec, stored: Stored, option: Placed, languages: Languages
) -> Iterator[Call]:
    texts = translations(option.spec.title, languages)
    choice = (
        {"OptionSetName": stored.shared}
        if stored.shared
        else {"EntityLogicalName": spec.table, "AttributeLogicalName": spec.name}
    )
    body: dict[str, Any] = {**choice, "Value": option.value, "Label": label(texts)}
    if option.stored is None:
        yield Call("POST", "InsertOptionValue", body)
    elif stored.ours and not texts.items() <= option.stored.labels.items():
        yield Call("POST", "UpdateOptionValue", {**body, "MergeLabels": True})


def _definition_change(
    spec: ColumnSpec, stored: Stored, placed: Sequence[Placed], languages: Languages
) -> Iterator[Call]:
    """The whole definition is put back with what differs; labels not sent are kept."""
    changed = {
        **_new_texts(spec, stored, placed, languages),
        **_new_precision(spec, stored.definition),
    }
    if changed:
        kept = {k: v for k, v in stored.definition.items() if k not in READ_ONLY}
        path = f"EntityDefinitions(LogicalName='{spec.table}')/Attributes"
        address = f"{path}(LogicalName='{spec.name}')"
        yield Call("PUT", address, {**kept, **changed}, MERGE_LABELS)


def _new_texts(
    spec: ColumnSpec, stored: Stored, placed: Sequence[Placed], languages: Languages
) -> dict[str, Any]:
    """A title only where a language has none: people may have renamed the column."""
    has = label_texts(stored.definition.get("DisplayName"))
    title = translations(spec.title, languages)
    described = translations(describe(spec, placed, stored.memory), languages)
    texts: dict[str, Any] = {}
    if not title.keys() <= has.keys():
        texts["DisplayName"] = label({**title, **has})
    if not described.items() <= label_texts(stored.definition.get("Description")).items():
        texts["Description"] = label(described)
    return texts


def _new_precision(spec: ColumnSpec, definition: Found) -> dict[str, Any]:
    places = spec.column.places
    stored = definition.get("Precision")
    if places is None or stored is None or stored >= places:
        return {}
    return {"Precision": places}


def _told(calls: Sequence[Call]) -> str:
    words = {"InsertOptionValue": "new option", "UpdateOptionValue": "option label"}
    return ", ".join(words.get(call.path, "definition") for call in calls)
