"""Settings that cannot work: one sentence that names the setting, exit code 3, no stack trace."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import left
from tests.cli.test_commands import SETTINGS


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GRADESYS_WORK", "{folder}/file/work.sqlite"),
        ("GRADESYS_WORK", "{folder}/file"),
        ("GRADESYS_RULES", "{folder}/nowhere"),
        ("GRADESYS_RULES", "{folder}/file"),
        ("GRADESYS_DATAVERSE_URL", "no-address"),
        ("GRADESYS_NOW", "today"),
    ],
)
def test_the_setting_is_named(tmp_path: Path, name: str, value: str) -> None:
    (tmp_path / "file").write_text("neither folder nor database", encoding="utf-8")
    settings = SETTINGS | {name: value.format(folder=tmp_path)}
    done = left(tmp_path, "resync", **settings)
    assert done.code == 3
    assert name in done.err
    assert "Traceback" not in done.err
    assert done.out == ""
