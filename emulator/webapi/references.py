"""Parts of one row by address: single properties, and links between rows (``$ref``)."""

from emulator.definitions import Column, Relationship, Table
from emulator.errors import Unsupported, bad_payload, missing_row, missing_segment
from emulator.query.options import parse_query, parse_single
from emulator.rows.files import FILE
from emulator.webapi.calls import Answer, Call
from emulator.webapi.collections import children_of, count_set, read_children
from emulator.webapi.context import context_of, reader_of
from emulator.webapi.files import handle_file
from emulator.webapi.headers import read_preferences
from emulator.webapi.links import id_option, link_rows, reference_of
from emulator.webapi.payloads import check_bound, payload_of
from emulator.webapi.rows import address_of, check_version, create_row


def handle_member(call: Call, table: Table, row_id: str, rest: list[str]) -> Answer:
    """``accounts(id)/<property or navigation>[/$ref|/$value|/$count]``."""
    name, *tail = rest
    definitions = call.org.definitions
    if tail == ["$ref"] or "(" in name:
        return _link(call, table, row_id, name)
    parent = definitions.parents.get((table.name, name))
    if parent is not None and not tail:
        return _read_parent(call, table, row_id, parent)
    if (table.name, name) in definitions.children or (table.name, name) in definitions.ends:
        return _collection(call, table, row_id, name, tail)
    column = definitions.properties[table.name].get(name)
    if column is None and name in table.columns:
        raise Unsupported(f"the navigation property {name}")
    if column is None:
        raise missing_segment(name)
    if column.kind == FILE and (tail or call.method != "GET"):
        return handle_file(call, table, row_id, column, tail)
    return _property(call, table, row_id, column, tail)


def _collection(call: Call, table: Table, row_id: str, name: str, tail: list[str]) -> Answer:
    children = call.org.definitions.children.get((table.name, name))
    if call.method == "POST" and children is not None and not tail:
        child = call.org.definitions.tables[children.child]
        linked = {children.lookup: row_id, f"{children.lookup}@type": table.name}
        return create_row(call, child, linked)
    if call.method != "GET" or tail not in ([], ["$count"]):
        raise Unsupported(f"{call.method} {call.path}")
    if tail:
        child, tie = children_of(call, table, row_id, name)
        return count_set(call, child, tie)
    return read_children(call, table, row_id, name)


def _read_parent(call: Call, table: Table, row_id: str, parent: Relationship) -> Answer:
    if call.method != "GET":
        raise Unsupported(f"{call.method} {call.path}")
    row = call.org.row(table.name, row_id)
    if row is None:
        raise missing_row(table.name, row_id)
    if row[parent.lookup] is None or row[f"{parent.lookup}@type"] != parent.parent:
        return Answer(204)
    target, options = call.org.definitions.tables[parent.parent], parse_single(call.query)
    preferences = read_preferences(call.headers)
    with call.org.reading() as connection:
        reader = reader_of(call, connection, preferences.wanted)
        found = reader.one(target, row[parent.lookup], options)
    if found is None:
        return Answer(204)
    context = context_of(call, target, options) + "/$entity"
    return Answer(200, {"@odata.context": context, **found}, preferences.echo())


def _property(call: Call, table: Table, row_id: str, column: Column, tail: list[str]) -> Answer:
    if call.method == "GET":
        return _read_property(call, table, row_id, column, tail)
    if tail or call.method not in ("PUT", "DELETE"):
        raise Unsupported(f"{call.method} {call.path}")
    value = None
    if call.method == "PUT":
        body = call.json()
        if body.keys() != {"value"}:
            raise bad_payload(table.name, "The body must have the member 'value' only.")
        value = body["value"]
    if column.name == table.id_column:
        raise bad_payload(table.name, f"The key '{column.name}' cannot be changed.")
    values = payload_of(call, table).values({column.property_name: value})
    with call.org.transaction() as tx:
        check_version(call, tx.existing(table.name, row_id))
        tx.update(table.name, row_id, values)
    return Answer(204, headers={"OData-EntityId": address_of(call, table, row_id)})


def _read_property(
    call: Call, table: Table, row_id: str, column: Column, tail: list[str]
) -> Answer:
    if tail not in ([], ["$value"]):
        raise missing_segment(tail[0])
    with call.org.reading() as connection:
        reader = reader_of(call, connection, read_preferences(call.headers).wanted)
        row = reader.one(table, row_id, parse_query(f"$select={column.property_name}"))
    if row is None:
        raise missing_row(table.name, row_id)
    value = row[column.property_name]
    if value is None:
        return Answer(204)
    if tail:
        return Answer(200, str(value).encode(), {"Content-Type": "text/plain"})
    address = f"{call.root}$metadata#{table.set_name}({row_id})/{column.property_name}"
    return Answer(200, {"@odata.context": address, "value": value})


def _link(call: Call, table: Table, row_id: str, name: str) -> Answer:
    navigation, _, key = name.partition("(")
    children = call.org.definitions.children.get((table.name, navigation))
    if children is not None:
        return _link_child(call, table, row_id, children, key.rstrip(")"))
    end = call.org.definitions.ends.get((table.name, navigation))
    if end is not None:
        return link_rows(call, end, row_id, key.rstrip(")"))
    if key:
        raise missing_segment(name)
    if call.method == "GET":
        return _read_link(call, table, row_id, navigation)
    if call.method not in ("PUT", "DELETE"):
        raise Unsupported(f"{call.method} {call.path}")
    payload = payload_of(call, table)
    target = reference_of(call) if call.method == "PUT" else None
    values = payload.writable(payload.bound(navigation, target))
    with call.org.transaction() as tx:
        check_bound(tx, values)
        tx.update(table.name, row_id, values)
    return Answer(204)


def _read_link(call: Call, table: Table, row_id: str, navigation: str) -> Answer:
    relationship = call.org.definitions.parents.get((table.name, navigation))
    if relationship is None:
        raise Unsupported(f"GET {call.path}")
    row = call.org.row(table.name, row_id)
    if row is None:
        raise missing_row(table.name, row_id)
    if row[relationship.lookup] is None:
        return Answer(204)
    parent = call.org.definitions.tables[relationship.parent]
    address = address_of(call, parent, row[relationship.lookup])
    return Answer(200, {"@odata.context": f"{call.root}$metadata#$ref", "@odata.id": address})


def _link_child(
    call: Call, table: Table, row_id: str, relationship: Relationship, key: str
) -> Answer:
    child = call.org.definitions.tables[relationship.child]
    payload = payload_of(call, child)
    if call.method == "POST":
        found, child_id = payload.reference(reference_of(call))
    elif call.method == "DELETE":
        address = f"{child.set_name}({key})" if key else id_option(call)
        found, child_id = payload.reference(address)
    else:
        raise Unsupported(f"{call.method} {call.path}")
    if found.name != child.name:
        raise bad_payload(table.name, f"A '{found.name}' is no '{child.name}'.")
    linked = (row_id, table.name) if call.method == "POST" else (None, None)
    names = (relationship.lookup, f"{relationship.lookup}@type")
    with call.org.transaction() as tx:
        tx.existing(table.name, row_id)
        tx.update(child.name, child_id, dict(zip(names, linked, strict=True)))
    return Answer(204)
