"""What a command costs: CPU, memory, time, by the system's own account of its process."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass

from gradesys.demo.processes import ROOT
from gradesys.demo.stage import Stage


@dataclass(frozen=True, slots=True)
class Cost:
    """``cpu_s`` in all threads; ``peak_mb``: the most memory that it held at once."""

    seconds: float
    cpu_s: float
    peak_mb: float


def costed(stage: Stage, *arguments: str) -> tuple[str, Cost]:
    """Run a gradesys command to its end: what it said, and its cost."""
    began = time.monotonic()
    command = [sys.executable, "-m", "gradesys", *arguments]
    with subprocess.Popen(
        command, cwd=ROOT, env=stage.env, stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:
        told = process.stdout.read() if process.stdout else ""
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"gradesys {' '.join(arguments)} ended with {process.returncode}")
    seconds = time.monotonic() - began
    return told, Cost(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
