"""Table definitions from request bodies, with the columns the platform adds by itself.

The added columns and their relationships are copied from `account`, which has all of them.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from emulator.customization.bodies import Shape
from emulator.customization.columns import labelled_column
from emulator.customization.labels import BASE_LANGUAGE, LabelBody, labels_of, required_labels
from emulator.customization.names import logical_name, new_id, plural
from emulator.definitions import Choice, Column, Definitions, Option, Relationship, Table
from emulator.errors import Unsupported, invalid_argument

MODEL = "account"
FIRST_TYPE_CODE = 10_000
STAMPS = (
    "createdon", "createdby", "createdonbehalfby", "modifiedon", "modifiedby",
    "modifiedonbehalfby", "versionnumber", "importsequencenumber", "overriddencreatedon",
    "timezoneruleversionnumber", "utcconversiontimezonecode",
)  # fmt: skip
OWNED = ("ownerid", "owningbusinessunit", "owningteam", "owninguser")
CURRENCY = ("transactioncurrencyid", "exchangerate")
STATES = (
    Option(0, {BASE_LANGUAGE: "Active"}, default_status=1),
    Option(1, {BASE_LANGUAGE: "Inactive"}, default_status=2),
)
STATUSES = (
    Option(1, {BASE_LANGUAGE: "Active"}, state=0),
    Option(2, {BASE_LANGUAGE: "Inactive"}, state=1),
)


class TableBody(Shape):
    """`POST EntityDefinitions`; exactly one attribute is the primary name."""

    schema_name: str
    display_name: LabelBody | None = None
    display_collection_name: LabelBody | None = None
    description: LabelBody | None = None
    ownership_type: str = "UserOwned"
    has_activities: bool = False
    has_notes: bool = False
    is_activity: bool = False
    change_tracking_enabled: bool = False
    logical_name: str | None = None
    primary_name_attribute: str | None = None
    attributes: list[dict[str, Any]] = msgspec.field(default_factory=list)


def new_table(body: TableBody, definitions: Definitions) -> Table:
    """The definition a body asks for; its lookups to users come with `platform_relationships`."""
    if body.is_activity:
        raise Unsupported("custom activity tables")
    name = logical_name(body.schema_name)
    own = [labelled_column(members, definitions) for members in body.attributes]
    key = Column(name=f"{name}id", schema_name=f"{body.schema_name}Id", kind="Uniqueidentifier",
                 id=new_id(), primary_id=True, updatable=False,
                 labels={BASE_LANGUAGE: body.schema_name})  # fmt: skip
    columns = [key, *own, *_platform_columns(body, definitions), *_state_columns(name)]
    table = Table(
        name=name,
        schema_name=body.schema_name,
        set_name=plural(name),
        id=new_id(),
        id_column=key.name,
        name_column=_primary_name(own),
        columns={column.name: column for column in columns},
        type_code=1 + max(FIRST_TYPE_CODE, *(t.type_code for t in definitions.tables.values())),
        ownership=body.ownership_type,
        labels=required_labels(body.display_name, body.schema_name),
        collection_labels=required_labels(body.display_collection_name, body.schema_name),
        description=labels_of(body.description),
        custom=True,
        has_activities=body.has_activities,
        has_notes=body.has_notes,
        change_tracking=body.change_tracking_enabled,
    )
    return with_money(table, definitions)


def with_money(table: Table, definitions: Definitions) -> Table:
    """The table with a currency and a base amount beside every amount, as the platform keeps it."""
    amounts = [column for column in table.columns.values() if column.kind == "Money"]
    bases = [_base(column) for column in amounts if not column.name.endswith("_base")]
    currency = _copies(CURRENCY, definitions) if amounts else ()
    added = {column.name: column for column in (*currency, *bases)}
    return msgspec.structs.replace(table, columns=added | table.columns)


def platform_relationships(table: Table, definitions: Definitions) -> Iterator[Relationship]:
    """The relationships behind the lookups that the platform added to a table."""
    copied = {*STAMPS, *OWNED, *CURRENCY} & table.columns.keys()
    for model in definitions.relationships.values():
        if model.child == MODEL and model.lookup in copied:
            name = model.name.replace(f"{MODEL}base", table.name).replace(MODEL, table.name)
            yield msgspec.structs.replace(
                model, name=name, id=new_id(), child=table.name, to_children=name, custom=True
            )


def _platform_columns(body: TableBody, definitions: Definitions) -> Iterable[Column]:
    if body.ownership_type not in ("UserOwned", "OrganizationOwned"):
        raise invalid_argument(f"OwnershipType {body.ownership_type} is not valid.")
    names = STAMPS + OWNED if body.ownership_type == "UserOwned" else STAMPS
    return _copies(names, definitions)


def _copies(names: Sequence[str], definitions: Definitions) -> Iterator[Column]:
    model = definitions.tables[MODEL].columns
    for name in names:
        if name in model:
            yield msgspec.structs.replace(model[name], id=new_id())


def _state_columns(table: str) -> tuple[Column, Column]:
    state = Choice(f"{table}_statecode", new_id(), "State", STATES)
    status = Choice(f"{table}_statuscode", new_id(), "Status", STATUSES)
    return (
        Column(name="statecode", schema_name="statecode", kind="State", id=new_id(),
               labels={BASE_LANGUAGE: "Status"}, choice=state),
        Column(name="statuscode", schema_name="statuscode", kind="Status", id=new_id(),
               labels={BASE_LANGUAGE: "Status Reason"}, choice=status),
    )  # fmt: skip


def _base(amount: Column) -> Column:
    return msgspec.structs.replace(
        amount,
        name=f"{amount.name}_base",
        schema_name=f"{amount.schema_name}_Base",
        id=new_id(),
        labels={language: f"{text} (Base)" for language, text in amount.labels.items()},
        creatable=False,
        updatable=False,
        precision_source=1,
    )


def _primary_name(columns: Iterable[Column]) -> str:
    names = [column.name for column in columns if column.primary_name]
    if len(names) != 1:
        raise invalid_argument("Exactly one attribute must have IsPrimaryName true.")
    return names[0]
