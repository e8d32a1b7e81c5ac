"""Python 3.13 with Microsoft's runtime in it, in a virtual environment that is made once.

The runtime does not install on older Pythons, so the tests start it as a process of its own.
Building it from requirements.txt also shows that the service's pins hold on Azure's Python.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
VENV = ROOT / ".venv313"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "installed.sha256"
PINS = ("requirements.txt", "requirements-otel.txt", "requirements-azure.txt")
BUILDING_S = 600.0
WHO = "import sys; print('{}.{}'.format(*sys.version_info), sys.executable)"


def require_python313(environment: Mapping[str, str]) -> Path:
    """A Python 3.13; without one the test is named as not run, and under CI it fails."""
    found = find_python313(environment)
    if found is None:
        reason = "no Python 3.13 on PATH or under pyenv: Microsoft's Functions runtime did not run"
        if environment.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return found


def find_python313(environment: Mapping[str, str]) -> Path | None:
    """The first Python 3.13 that starts: this one, on PATH, or under pyenv."""
    answers = (_version_of(candidate) for candidate in _candidates(environment))
    return next((path for version, path in answers if version == "3.13"), None)


def _candidates(environment: Mapping[str, str]) -> Iterator[Path]:
    yield Path(sys.executable)
    on_path = shutil.which("python3.13", path=environment.get("PATH", ""))
    if on_path:
        yield Path(on_path)
    pyenv = Path(environment.get("PYENV_ROOT") or Path(environment.get("HOME", "")) / ".pyenv")
    yield from sorted(pyenv.glob("versions/3.13*/bin/python3.13"))


def _version_of(candidate: Path) -> tuple[str, Path]:
    """What a candidate says it is; a pyenv shim exists even where nothing stands behind it."""
    asked = subprocess.run([candidate, "-c", WHO], capture_output=True, text=True, check=False)
    version, _, path = asked.stdout.strip().partition(" ")
    return version, Path(path)


def azure_python(python: Path) -> Path:
    """The interpreter of ``.venv313``, built by this Python unless it has these very pins."""
    wanted = hashlib.sha256(b"".join((ROOT / name).read_bytes() for name in PINS)).hexdigest()
    with _alone():
        if not (PYTHON.exists() and STAMP.exists() and STAMP.read_text() == wanted):
            _run([python, "-m", "venv", "--clear", VENV])
            install = (PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes")
            _run([*install, "-r", ROOT / PINS[-1]])
            STAMP.write_text(wanted)
    return PYTHON


@contextmanager
def _alone() -> Iterator[None]:
    """One process of a test run builds; the lock is free again whatever becomes of its holder."""
    path = VENV.with_suffix(".sqlite")
    with closing(sqlite3.connect(path, timeout=BUILDING_S, isolation_level=None)) as lock:
        lock.execute("BEGIN EXCLUSIVE")
        yield


def _run(command: list[str | Path]) -> None:
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=BUILDING_S
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
