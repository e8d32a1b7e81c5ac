"""Creating, reading, changing and deleting one row by its address."""

from collections.abc import Mapping
from typing import Any

from emulator.customization.solutions import add_row_to_named_solution
from emulator.definitions import Table
from emulator.errors import ApiError, missing_row, version_mismatch
from emulator.query.options import Options, parse_single
from emulator.webapi.calls import Answer, Call
from emulator.webapi.context import context_of, reader_of
from emulator.webapi.deep import create_with_related
from emulator.webapi.headers import condition, read_preferences
from emulator.webapi.payloads import check_bound, payload_of

_NOT_LINKED: Mapping[str, Any] = {}


def address_of(call: Call, table: Table, row_id: str) -> str:
    return f"{call.root}{table.set_name}({row_id})"


def create_row(call: Call, table: Table, linked: Mapping[str, Any] = _NOT_LINKED) -> Answer:
    """POST to an entity set, or to the children of a row that the new one is linked to."""
    with call.org.transaction() as tx:
        row_id = create_with_related(call, tx, table, call.json(), linked)
        return _changed(call, table, row_id, created=True)


def read_row(call: Call, table: Table, row_id: str) -> Answer:
    """GET one row; 304 when the client has this version already."""
    preferences, options = read_preferences(call.headers), parse_single(call.query)
    with call.org.reading() as connection:
        reader = reader_of(call, connection, preferences.wanted)
        row = reader.one(table, row_id, options)
    if row is None:
        raise missing_row(table.name, row_id)
    etag = row["@odata.etag"]
    if condition(call.headers, "if-none-match") == etag:
        return Answer(304, headers={"ETag": etag})
    context = context_of(call, table, options) + "/$entity"
    body = {"@odata.context": context, **row}
    return Answer(200, body, {"ETag": etag, **preferences.echo()})


def change_row(call: Call, table: Table, row_id: str) -> Answer:
    """PATCH: update, insert or either, as ``If-Match`` and ``If-None-Match`` say."""
    values = payload_of(call, table).values(call.json())
    if values.pop(table.id_column, row_id) != row_id:
        raise ApiError(400, "0x80060888", "The key in the body differs from the address.")
    with call.org.transaction() as tx:
        check_bound(tx, values)
        before = tx.row(table.name, row_id)
        if before is None:
            if condition(call.headers, "if-match") is not None:
                raise missing_row(table.name, row_id)
            tx.create(table.name, {table.id_column: row_id, **values})
            add_row_to_named_solution(call, table.name, row_id)
            return _changed(call, table, row_id, created=True)
        if condition(call.headers, "if-none-match") == "*":
            message = "A record with matching key values already exists."
            raise ApiError(412, "0x80040237", message)
        check_version(call, before)
        tx.update(table.name, row_id, values)
        return _changed(call, table, row_id, created=False)


def delete_row(call: Call, table: Table, row_id: str) -> Answer:
    """DELETE one row, of a certain version when ``If-Match`` says so."""
    with call.org.transaction() as tx:
        check_version(call, tx.existing(table.name, row_id))
        tx.delete(table.name, row_id)
    return Answer(204)


def check_version(call: Call, before: dict[str, Any]) -> None:
    """412 when ``If-Match`` names another version."""
    wanted = condition(call.headers, "if-match")
    if wanted not in (None, "*", f'W/"{before["versionnumber"]}"'):
        raise version_mismatch()


def _changed(call: Call, table: Table, row_id: str, *, created: bool) -> Answer:
    address = address_of(call, table, row_id)
    headers = {"OData-EntityId": address}
    if created:
        headers["Location"] = address
    preferences = read_preferences(call.headers)
    if not preferences.representation:
        return Answer(204, headers=headers)
    options = parse_single(call.query)
    row = _representation(call, table, row_id, options)
    context = context_of(call, table, options) + "/$entity"
    body = {"@odata.context": context, **row}
    return Answer(201 if created else 200, body, headers | preferences.echo())


def _representation(call: Call, table: Table, row_id: str, options: Options) -> dict[str, Any]:
    with call.org.reading() as connection:
        reader = reader_of(call, connection, read_preferences(call.headers).wanted)
        row = reader.one(table, row_id, options)
    if row is None:
        raise missing_row(table.name, row_id)
    return row
