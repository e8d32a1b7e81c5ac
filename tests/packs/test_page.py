"""docs/packs.md names every pack once, with its table, column and titles as in its file."""

from __future__ import annotations

import re

from tests.packs.shipped import CONFIG, NAMES, examined

PAGE = (CONFIG.parent / "docs" / "packs.md").read_text(encoding="utf-8")
ROWS = {
    row[0]: row[1:]
    for row in re.findall(
        r"^\| `(\w+)` \| (.*?) \| `(.*?)` \| (.*?) \| (.*?) \|$", PAGE, re.MULTILINE
    )
}


def test_the_page_lists_the_packs_of_the_folder_in_order() -> None:
    assert tuple(ROWS) == NAMES


def test_every_line_is_that_of_the_pack() -> None:
    for source in examined().sources:
        model = source.model
        table, column, english, persian = ROWS[model.id]
        assert (table, column) == (model.table, model.output.score)
        assert english.partition(": ")[0] == model.title.en
        assert persian.partition(": ")[0] == model.title.fa
        assert english.partition(": ")[2] and persian.partition(": ")[2]


def test_no_two_packs_write_one_column() -> None:
    columns = [
        (source.model.table, column)
        for source in examined().sources
        for column in source.model.output.columns.values()
    ]
    assert len(set(columns)) == len(columns)
