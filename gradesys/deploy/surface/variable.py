"""The service's address as an environment variable: what an administrator looks up or promotes."""

from __future__ import annotations

from collections.abc import Iterator

from gradesys.deploy.names import VARIABLE, derived_id
from gradesys.deploy.reading import Registered
from gradesys.deploy.rowspecs import Link, RowSpec

DEFINITIONS, VALUES = "environmentvariabledefinitions", "environmentvariablevalues"
_STRING = 100_000_000
LOSS = "the address is in the service endpoints all the same"


def variable_rows(address: str, surface: Registered) -> Iterator[RowSpec]:
    """The definition, and its value in this organisation."""
    definition = next(iter(surface[DEFINITIONS]), derived_id("variable", VARIABLE))
    yield RowSpec(
        entity_set=DEFINITIONS,
        key="environmentvariabledefinitionid",
        id=definition,
        what=f"environment variable {VARIABLE}",
        values={
            "schemaname": VARIABLE,
            "displayname": "gradesys service",
            "description": "Where the service of gradesys is reached.",
            "type": _STRING,
        },
        fixed=frozenset({"schemaname", "type"}),
        loss=LOSS,
    )
    link = Link(
        "_environmentvariabledefinitionid_value",
        "EnvironmentVariableDefinitionId",
        DEFINITIONS,
        definition,
    )
    yield RowSpec(
        entity_set=VALUES,
        key="environmentvariablevalueid",
        id=next(iter(surface[VALUES]), derived_id("variable value", VARIABLE)),
        what=f"value of {VARIABLE}",
        values={"value": address},
        links=(link,),
        fixed=frozenset({link.column}),
        loss=LOSS,
    )
