"""What the application user may do: every table is read, and asked about what else is allowed.

Rights are asked for by one row of each scored table (RetrievePrincipalAccess), because nothing may
be written only to see whether it can be.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from gradesys.dataverse.answers import PartResponse
from gradesys.dataverse.batch import Part
from gradesys.dataverse.sending import send_all
from gradesys.doctor.site import Site
from gradesys.doctor.verdicts import Cause, Verdict, ok, problem
from gradesys.errors import MissingPrivilege, TemporaryError
from gradesys.records import Table

FUNCTION = "Microsoft.Dynamics.CRM.RetrievePrincipalAccess(Target=@t)"
WRITE = "WriteAccess"
READERS = "give the application user a role that reads these tables of the whole organisation"
WRITERS = "give the application user a role that writes these tables of the whole organisation"


def check_privileges(site: Site) -> Verdict:
    """Reading every table, writing the scored ones, and what cannot be told."""
    tables = [site.schema[name] for name in sorted(site.schema)]
    answers = send_all(site.client, [_probe(table) for table in tables])
    refused = [str(e) for answer in answers if isinstance(e := answer.error(), MissingPrivilege)]
    if refused:
        return problem("; ".join(refused), READERS, Cause.CONFIGURATION)
    rows = {
        table.name: _row_id(table, answer) for table, answer in zip(tables, answers, strict=True)
    }
    writable = _writable(site, rows)
    denied = [name for name, may in writable.items() if may is False]
    if denied:
        return problem(f"may not write {', '.join(denied)}", WRITERS, Cause.CONFIGURATION)
    return ok(_told(tables, writable))


def _told(tables: Sequence[Table], writable: Mapping[str, bool | None]) -> str:
    sure = ", ".join(name for name, may in writable.items() if may)
    unsure = "".join(f", writing {name}" for name, may in writable.items() if may is None)
    reading = f"may read {', '.join(table.name for table in tables)}"
    writing = f"; may write {sure}" if sure else ""
    return f"{reading}{writing}; not checkable: every row of them{unsure}"


def _probe(table: Table) -> Part:
    return Part("GET", f"{table.entity_set}?$select={table.id_column}&$top=1")


def _row_id(table: Table, answer: PartResponse) -> str | None:
    error = answer.error()
    if error is not None:
        raise error
    return next((str(row[table.id_column]) for row in answer.json()["value"]), None)


def _writable(site: Site, rows: Mapping[str, str | None]) -> dict[str, bool | None]:
    """By scored table; None: it has no row, or the organisation does not say."""
    user = site.greeting.response.json()["UserId"]
    scored = sorted({source.model.table for source in site.sources} & rows.keys())
    asked = [name for name in scored if rows[name] is not None]
    parts = [_question(user, site.schema[name], str(rows[name])) for name in asked]
    told = map(_may_write, send_all(site.client, parts))
    return dict.fromkeys(scored) | dict(zip(asked, told, strict=True))


def _question(user: str, table: Table, row: str) -> Part:
    target = quote(json.dumps({"@odata.id": f"{table.entity_set}({row})"}))
    return Part("GET", f"systemusers({user})/{FUNCTION}?@t={target}")


def _may_write(answer: PartResponse) -> bool | None:
    error = answer.error()
    if isinstance(error, TemporaryError):
        raise error
    # Not every table and not every organisation answers this question.
    return None if error is not None else WRITE in answer.json()["AccessRights"].split(", ")
