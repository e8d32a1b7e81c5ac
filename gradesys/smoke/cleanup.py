"""Away with everything named ``gradesys smoke``, whoever made it and however that ended."""

from __future__ import annotations

from collections.abc import Iterator

from gradesys.dataverse.client import Client
from gradesys.deploy.reading import rows
from gradesys.errors import GradesysError, PermanentError
from gradesys.smoke.bench import MARK, TABLES

API = "gs_GradesysSmoke"
STEPS = "sdkmessageprocessingsteps"
KINDS = (
    (STEPS, "sdkmessageprocessingstepid", "name", MARK),
    ("customapis", "customapiid", "uniquename", API),
    ("serviceendpoints", "serviceendpointid", "name", MARK),
    *((*TABLES[name], MARK) for name in ("invoicedetail", "invoice", "opportunity")),
    *((*TABLES[name], MARK) for name in ("contact", "account")),
)
"""Set, key, the column of the name, and how names begin: what depends on something goes first."""


def sweep(client: Client) -> list[str]:
    """Delete it all; what could not be deleted is told by its path."""
    left: list[str] = []
    for entity_set, key, name, begins in KINDS:
        for row in _found(client, entity_set, key, f"startswith({name},'{begins}')"):
            if entity_set == STEPS:
                _forget_jobs(client, row)
            left.extend(_delete(client, f"{entity_set}({row})"))
    return left


def _found(client: Client, entity_set: str, key: str, where: str) -> list[str]:
    """The ids; none where the organisation has no such table."""
    try:
        return [str(row[key]) for row in rows(client, entity_set, (key,), where)]
    except PermanentError:
        return []


def _forget_jobs(client: Client, step: str) -> None:
    """Finished jobs only; the others end by themselves."""
    where = f"_owningextensionid_value eq {step} and statecode eq 3"
    for job in _found(client, "asyncoperations", "asyncoperationid", where):
        list(_delete(client, f"asyncoperations({job})"))


def _delete(client: Client, path: str) -> Iterator[str]:
    try:
        client.request("DELETE", path)
    except GradesysError as error:
        yield f"{path}: {error}"
