"""Child processes that never outlive the demo, on any operating system."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from gradesys.errors import GradesysError

ROOT = Path(__file__).resolve().parents[2]
GRACE_S = 8.0


@contextmanager
def running(
    module: str, *arguments: str, env: Mapping[str, str], stdout: int | None = None
) -> Iterator[subprocess.Popen[str]]:
    """A Python module as a process while the block lasts; afterwards asked to end, then killed."""
    command = [sys.executable, "-m", module, *arguments]
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=stdout, encoding="utf-8")
    try:
        yield process
    finally:
        _end(process)


def output_of(module: str, *arguments: str, env: Mapping[str, str]) -> str:
    """Run a Python module to its end; its standard output. Raises GradesysError when it fails."""
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env=env, capture_output=True, encoding="utf-8", check=False
    )
    if done.returncode != 0:
        words = " ".join((module, *arguments[:2]))
        raise GradesysError(f"{words} ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return done.stdout


def _end(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(GRACE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    if process.stdout is not None:
        process.stdout.close()
