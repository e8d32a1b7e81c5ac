"""The search for canaries can fail: by what is told, and by what was never there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.canary import AMOUNT, KEY, KINDS, NAME, main

SEEN = {"name": NAME, "amount": AMOUNT, "key": KEY, "token": "a.token.of.some", "secret": "s" * 20}


@pytest.mark.parametrize(
    ("log", "kinds", "code"),
    [
        ("INFO gradesys: 3 marked\n", KINDS, 0),
        ("", KINDS, 1),
        *((f"INFO gradesys: fine\nWARNING x: <{told}>\n", KINDS, 1) for told in SEEN.values()),
        *(("INFO gradesys: fine\n", tuple({*KINDS} - {kind}), 1) for kind in KINDS),
        ("INFO gradesys: fine\n", (), 1),
    ],
)
def test_a_log_passes_when_all_was_there_and_nothing_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], log: str, kinds: tuple[str, ...], code: int
) -> None:
    (tmp_path / "tests-1.log").write_text(log, encoding="utf-8")
    lines = [json.dumps([kind, SEEN[kind]]) + "\n" for kind in kinds]
    (tmp_path / "seen-1.jsonl").write_text("".join(lines), encoding="utf-8")
    assert main(tmp_path) == code
    said = capsys.readouterr().out
    assert ("tests-1.log:2: " in said) == ("<" in log)
    assert ("never seen" in said) == (len(kinds) < len(KINDS))
