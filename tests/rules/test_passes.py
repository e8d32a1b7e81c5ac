"""Which models one reading of a table can serve."""

from __future__ import annotations

import pytest

from gradesys.rules.order import passes
from tests.rules.org import SCHEMA, rulebook

COLUMN = "{{a: {{type: column, column: {column}}}}}"


def model(name: str, table: str, column: str, output: str) -> str:
    """A model that reads one column and writes one."""
    indicators = COLUMN.format(column=column)
    head = f"id: {name}\ntable: {table}\nindicators: {indicators}\nscore: {{decimals: 0}}\n"
    return f"{head}output: {{score: {output}}}\n"


@pytest.mark.parametrize(
    ("texts", "wanted"),
    [
        pytest.param(
            [
                model("one", "account", "statecode", "gs_score"),
                model("two", "account", "statecode", "gs_whole"),
            ],
            [{"one", "two"}],
            id="strangers on one table go together",
        ),
        pytest.param(
            [
                model("one", "account", "statecode", "gs_score"),
                model("two", "account", "gs_score", "gs_whole"),
            ],
            [{"one"}, {"two"}],
            id="who reads a result of its own table comes later",
        ),
        pytest.param(
            [
                model("one", "account", "statecode", "gs_score"),
                model("two", "salesorder", "customerid.gs_score", "gs_score"),
            ],
            [{"one"}, {"two"}],
            id="tables apart",
        ),
    ],
)
def test_a_pass_reads_nothing_that_it_writes(texts: list[str], wanted: list[set[str]]) -> None:
    book = rulebook(*texts)
    assert book.problems == {}
    found = [{model.model.id for model in group} for group in passes(book.models, SCHEMA)]
    assert found == wanted
