"""Where Python 3.13 is looked for, and what happens without it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.azure.python313 import find_python313, require_python313

pytestmark = pytest.mark.skipif(
    os.name == "nt" or sys.version_info[:2] == (3, 13),
    reason="pretends with shell scripts, and needs a Python that is not 3.13 itself",
)


def pretend(path: Path, says: str, code: int = 0) -> Path:
    """A program that answers as an interpreter would."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho {says}\nexit {code}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize("place", ["bin", "pyenv/versions/3.13.9/bin"])
def test_it_is_found_on_path_and_under_pyenv(tmp_path: Path, place: str) -> None:
    pretend(tmp_path / place / "python3.13", "3.13 /real/python3.13")
    environment = {"PATH": str(tmp_path / "bin"), "PYENV_ROOT": str(tmp_path / "pyenv")}
    assert find_python313(environment) == Path("/real/python3.13")


def test_a_shim_with_nothing_behind_it_is_passed_over(tmp_path: Path) -> None:
    pretend(tmp_path / "bin" / "python3.13", "not installed", code=127)
    pretend(tmp_path / ".pyenv/versions/3.13.0/bin/python3.13", "3.13 /real/python3.13")
    environment = {"PATH": str(tmp_path / "bin"), "HOME": str(tmp_path)}
    assert find_python313(environment) == Path("/real/python3.13")


def test_without_it_the_tests_are_named_as_not_run(tmp_path: Path) -> None:
    with pytest.raises(pytest.skip.Exception, match=r"no Python 3\.13"):
        require_python313({"PATH": str(tmp_path), "HOME": str(tmp_path)})


def test_without_it_ci_fails(tmp_path: Path) -> None:
    with pytest.raises(pytest.fail.Exception, match=r"no Python 3\.13"):
        require_python313({"PATH": str(tmp_path), "HOME": str(tmp_path), "CI": "true"})
