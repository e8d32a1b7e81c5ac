"""The demo's project tables: custom, and nothing in them that the pack does not name."""

from __future__ import annotations

from gradesys.demo import projects
from gradesys.rules.compile import compile_model
from gradesys.rules.dependencies import readings
from tests.packs.shipped import models

PACK = compile_model(models()["project_progress"], None)


def test_the_tables_have_just_the_columns_that_the_pack_names() -> None:
    """The platform itself gives every new table a key and a state."""
    read = {(each.table, each.column) for each in readings(PACK)}
    named = {(table, column) for table, column in read if column not in {"statecode", f"{table}id"}}
    made = {(table, column) for table, columns in projects.COLUMNS.items() for column in columns}
    assert made | {(projects.TASK, projects.LOOKUP)} == named


def test_the_tables_bodies_name_both_languages() -> None:
    for body in projects.tables():
        labels = body["DisplayName"]["LocalizedLabels"]
        assert [item["LanguageCode"] for item in labels] == [1033, 1065]
