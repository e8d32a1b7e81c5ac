"""What is known of standard tables without asking an organisation (rules.md sections 15.4, 15.7).

Case files are scored without metadata; their lookups and keys are told by this bundled list.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path as File
from typing import Any

from gradesys.records import Schema

ACTIVITIES = frozenset(
    {
        "activitypointer",
        "appointment",
        "bulkoperation",
        "campaignactivity",
        "campaignresponse",
        "email",
        "fax",
        "letter",
        "phonecall",
        "recurringappointmentmaster",
        "serviceappointment",
        "socialactivity",
        "task",
    }
)
"""Tables whose primary key is ``activityid``."""


def id_column(schema: Schema | None, table: str) -> str:
    """The primary key of a table: from metadata, else by convention."""
    if schema is not None and table in schema:
        return schema[table].id_column
    return "activityid" if table in ACTIVITIES else f"{table}id"


def lookups(table: str) -> Mapping[str, tuple[str, ...]]:
    """Lookup column -> target tables of a standard table; empty for any other table."""
    return _lookups().get(table, {})


@cache
def standard_tables() -> frozenset[str]:
    """Every table that the list names, as the holder or the target of a lookup."""
    targets = (names for columns in _lookups().values() for names in columns.values())
    return frozenset(_lookups()).union(*targets)


@cache
def _lookups() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    return {
        table: {column: tuple(targets) for column, targets in columns.items()}
        for table, columns in _bundled().items()
    }


def _bundled() -> Any:
    return json.loads(File(__file__).with_name("standard.json").read_bytes())
