"""What a start imports, and what it leaves alone: nobody waits for a library that they do not use.

How long it takes is measured by ``python -m bench.start``, not here.
"""

from __future__ import annotations

import gc
import subprocess
import sys

import pytest

from gradesys.starting import starting

SIGN_IN = {"msal", "jwt", "cryptography"}
WEB = {"starlette", "uvicorn", "click", "asyncio"}
WIRE = {"requests", "urllib3", "tenacity", "http.client"}
ELSEWHERE = {"azure", "pandas", "numpy", "opentelemetry", "emulator", "sqlite3"}
PACKS = """
from pathlib import Path
import gradesys.engine
from gradesys.rules.compile import compile_model
from gradesys.rules.parse import parse_model
from gradesys.rules.sources import load_packs
packs, _ = load_packs(Path("config/packs"))
assert len(packs) >= 20
for pack in packs.values():
    assert compile_model(parse_model(pack, packs), None).scorer.source
"""
HELP = """
from click.testing import CliRunner
from gradesys.cli import gradesys
assert CliRunner().invoke(gradesys, ["--help"]).exit_code == 0
"""


@pytest.mark.parametrize(
    ("code", "unused"),
    [
        (PACKS, SIGN_IN | WEB | WIRE | ELSEWHERE | {"gradesys.dataverse"}),
        (HELP, SIGN_IN | WIRE | ELSEWHERE | {"yaml", "gradesys.rules", "asyncio"}),
        ("import gradesys.app", SIGN_IN | {"starlette", "uvicorn", "click", "azure", "pandas"}),
        ("import functions", SIGN_IN | {"starlette", "uvicorn", "click", "azure", "pandas"}),
        ("import emulator.__main__", {*SIGN_IN, "requests", "odata_query.grammar", "gradesys"}),
    ],
    ids=["engine and packs", "help", "service", "functions", "emulator"],
)
def test_a_start_imports_only_what_it_uses(code: str, unused: set[str]) -> None:
    told = f"{code}\nimport sys\nprint(*sys.modules)"
    found = subprocess.run(
        [sys.executable, "-c", told], capture_output=True, text=True, check=True
    ).stdout.split()

    assert unused.isdisjoint(found), sorted(unused.intersection(found))


@pytest.mark.parametrize("is_at_work", [True, False])
def test_the_garbage_collector_rests_during_a_start_and_is_then_as_before(is_at_work: bool) -> None:
    if not is_at_work:
        gc.disable()
    try:
        with starting():
            assert not gc.isenabled()

        assert gc.isenabled() is is_at_work
        assert gc.get_freeze_count() > 0
    finally:
        gc.enable()
        gc.unfreeze()
