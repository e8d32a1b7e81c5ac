"""The button and the form script: typed, tested, built byte for byte, shipped, and in step with the
service that they call."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from gradesys import button, runrow
from gradesys.deploy import names, texts
from tests.node import NODE

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "solution" / "webresources"
ASSETS = ROOT / "gradesys" / "deploy" / "assets"


def node(*command: str) -> None:
    """Run a program of the folder's packages; what it says is shown when it fails."""
    assert (SOURCES / "node_modules").exists(), "packages are missing: run python dev.py test"
    done = subprocess.run(
        [str(NODE), *command], cwd=SOURCES, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def constant(name: str, file: str) -> object:
    """What a constant of the TypeScript sources is set to."""
    text = (SOURCES / "src" / file).read_text(encoding="utf-8")
    found = re.search(rf"\bconst {name} = (.+);$", text, re.MULTILINE)
    assert found, name
    return ast.literal_eval(found[1])


def test_the_scripts_are_typed() -> None:
    node("node_modules/typescript/bin/tsc")


def test_the_scripts_do_what_their_own_tests_promise() -> None:
    node("node_modules/vitest/vitest.mjs", "run")


def test_the_committed_file_is_what_the_sources_give(tmp_path: Path) -> None:
    built = tmp_path / "gradesys.js"
    node("build.mjs", str(built))
    assert built.read_bytes() == (ASSETS / "gradesys.js").read_bytes(), "run npm run build"
    assert built.read_text(encoding="ascii").count("var GradeSys = ") == 1


@pytest.mark.parametrize(
    ("name", "file", "expected"),
    [
        ("MOST_IDS", "run.ts", button.MOST_IDS),
        ("MESSAGE", "run.ts", button.MESSAGE),
        ("RUNS", "run.ts", runrow.TABLE),
        ("DONE", "run.ts", runrow.STATES["done"]),
        ("FAILED", "run.ts", runrow.STATES["failed"]),
        ("FIRST_OPTION", "verdict.ts", names.FIRST_OPTION),
        ("NO_RULES", "run.ts", button.NO_RULES),
        ("PERSIAN", "language.ts", texts.PERSIAN),
    ],
)
def test_the_scripts_and_the_service_agree(name: str, file: str, expected: object) -> None:
    assert constant(name, file) == expected


def test_a_built_package_ships_the_files(tmp_path: Path) -> None:
    build = ["egg_info", "-e", str(tmp_path), "build_py", "-d", str(tmp_path / "lib")]
    setup = [sys.executable, "-c", "import setuptools; setuptools.setup()", "-q", *build]
    subprocess.run(setup, cwd=ROOT, check=True)
    shipped = tmp_path / "lib" / "gradesys" / "deploy" / "assets"
    assert {each.name: each.read_bytes() for each in shipped.iterdir()} == {
        each.name: each.read_bytes() for each in ASSETS.iterdir()
    }
