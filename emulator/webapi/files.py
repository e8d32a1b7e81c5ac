"""File columns by address: sent whole or in blocks, read back, taken away."""

import re
from urllib.parse import parse_qs, unquote

from emulator.definitions import Column, Table
from emulator.errors import ApiError, Unsupported, bad_payload, invalid_argument, missing_row
from emulator.organization import Organization
from emulator.rows.files import StoredFile, fetch, forget, store
from emulator.webapi.calls import Answer, Call
from emulator.webapi.rows import address_of

NAME, TOKEN = "x-ms-file-name", "sessiontoken"
BLOCK = 4 * 1024 * 1024
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")


def handle_file(call: Call, table: Table, row_id: str, column: Column, tail: list[str]) -> Answer:
    """``accounts(id)/<file column>[/$value]``, but for reading its guid."""
    if call.method == "GET" and tail == ["$value"]:
        return _download(call, table, row_id, column)
    if tail or call.method not in ("PATCH", "DELETE"):
        raise Unsupported(f"{call.method} {call.path}")
    if call.method == "DELETE":
        return _attach(call, table, row_id, column, None)
    token = _option(call, TOKEN)
    if token is not None:
        return _continue(call, table, row_id, column, token)
    return _begin(call, table, row_id, column)


def _begin(call: Call, table: Table, row_id: str, column: Column) -> Answer:
    """A whole file, or the session for one in blocks."""
    name = unquote(call.headers.get(NAME) or _option(call, NAME) or "")
    if not name:
        raise bad_payload(table.name, f"The file needs a name, in the header {NAME}.")
    file = StoredFile(name, call.body)
    if call.headers.get("x-ms-transfer-mode") != "chunked":
        _check_size(column, len(file.body))
        return _attach(call, table, row_id, column, file)
    with call.org.transaction() as tx:
        tx.existing(table.name, row_id)
        token = store(tx.connection, StoredFile(name, b""))
    address = f"{address_of(call, table, row_id)}/{column.name}?{TOKEN}={token}"
    headers = {"Location": address, "x-ms-chunk-size": str(BLOCK), "Accept-Ranges": "bytes"}
    return Answer(200, headers=headers)


def _continue(call: Call, table: Table, row_id: str, column: Column, token: str) -> Answer:
    """One block; the last one gives the row its file."""
    match = _RANGE.fullmatch(call.headers.get("content-range", ""))
    with call.org.transaction() as tx:
        begun = fetch(tx.connection, token)
        if match is None or begun is None:
            raise invalid_argument("A block needs its session and its Content-Range.")
        start, end, total = map(int, match.groups())
        _check_size(column, total)
        if start != len(begun.body) or end + 1 - start != len(call.body):
            raise invalid_argument(f"The block {match[0]} does not continue the file.")
        whole = StoredFile(begun.name, begun.body + call.body)
        store(tx.connection, whole, token)
        if end + 1 < total:
            return Answer(206)
        forget(tx.connection, token)
        return _attach(call, table, row_id, column, whole)


def _attach(
    call: Call, table: Table, row_id: str, column: Column, file: StoredFile | None
) -> Answer:
    with call.org.transaction() as tx:
        before = tx.existing(table.name, row_id)[column.name]
        file_id = None if file is None else store(tx.connection, file)
        tx.update(table.name, row_id, {column.name: file_id})
        if before is not None:
            forget(tx.connection, before)
    return Answer(204)


def _download(call: Call, table: Table, row_id: str, column: Column) -> Answer:
    file = _stored(call.org, table, row_id, column)
    if file is None:
        raise ApiError(404, "0x80040217", f"No file attachment found for attribute {column.name}.")
    headers = {
        "Content-Type": "application/octet-stream",
        "Content-Disposition": "attachment",
        "x-ms-file-size": str(len(file.body)),
    }
    return Answer(200, file.body, headers)


def _stored(org: Organization, table: Table, row_id: str, column: Column) -> StoredFile | None:
    row = org.row(table.name, row_id)
    if row is None:
        raise missing_row(table.name, row_id)
    if row[column.name] is None:
        return None
    with org.reading() as connection:
        return fetch(connection, row[column.name])


def _check_size(column: Column, size: int) -> None:
    if column.maximum is not None and size > column.maximum * 1024:
        raise ApiError(413, "0x80090001", f"The file is larger than {column.maximum:g} KB.")


def _option(call: Call, name: str) -> str | None:
    return next(iter(parse_qs(call.query).get(name, [])), None)
