"""How long does a start take, and how much memory? Each in processes of its own, by the processor's
clock; the best of some rounds counts.

``python -m bench.start`` prints the figures, writes bench/results/start.json, and leaves with 1
where one is over its limit.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

PACKS = 20
ROUNDS = 7
RESULTS = Path(__file__).parent / "results" / "start.json"
READY = """
import json, time
started = time.process_time()
from gradesys.starting import starting
with starting():
    from pathlib import Path
    import gradesys.engine
    from gradesys.rules.compile import compile_model
    from gradesys.rules.parse import parse_model
    from gradesys.rules.sources import load_packs
imported = time.process_time()
packs, _ = load_packs(Path("config/packs"))
for name in sorted(packs)[:PACKS]:
    compile_model(parse_model(packs[name], packs), None).scorer
print(json.dumps([imported - started, time.process_time() - imported]))
""".replace("PACKS", str(PACKS))


class Figure(NamedTuple):
    """One measurement and what it must not pass; without a limit it is told only."""

    what: str
    value: float
    unit: str
    limit: float | None = None

    @property
    def is_over(self) -> bool:
        """Whether it is more than it may be."""
        return self.limit is not None and self.value > self.limit


def measure(rounds: int = ROUNDS) -> list[Figure]:
    """Everything that a start takes."""
    ready = [_ran([sys.executable, "-c", READY]) for _ in range(rounds)]
    imported, compiled = min((json.loads(each.output) for each in ready), key=sum)
    bare = min(_ran([sys.executable, "-c", "pass"]).cpu_ms for _ in range(rounds))
    named = {
        "gradesys --help": (["-m", "gradesys", "--help"], 300.0),
        "import of the whole service": (["-c", "import gradesys.app"], None),
        "import of the emulator": (["-c", "import emulator.__main__"], None),
    }
    return [
        Figure(f"engine, rules, {PACKS} packs", (imported + compiled) * 1e3, "ms CPU", 150.0),
        Figure("of it the imports", imported * 1e3, "ms CPU"),
        Figure("memory then", min(each.peak_mb for each in ready), "MB", 60.0),
        Figure("Python itself, in each that follows", bare, "ms CPU"),
        *(
            Figure(what, min(_ran([sys.executable, *words]).cpu_ms for _ in range(rounds)),
                   "ms CPU", limit)
            for what, (words, limit) in named.items()
        ),
    ]  # fmt: skip


class _Ran(NamedTuple):
    output: str
    cpu_ms: float
    peak_mb: float


def _ran(command: Sequence[str]) -> _Ran:
    """One process to its end; wait4 tells what this one took, not all so far."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        output = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if status:
        raise RuntimeError(f"{command[1:]} failed")
    return _Ran(output, (used.ru_utime + used.ru_stime) * 1e3, used.ru_maxrss / 1024)


def lines(figures: Sequence[Figure]) -> list[str]:
    """A line each."""
    return [
        f"{each.what:40} {each.value:7.1f} {each.unit}"
        + ("" if each.limit is None else f" of {each.limit:.0f}{', too much' * each.is_over}")
        for each in figures
    ]


def main() -> int:
    """Print, keep, judge."""
    figures = measure()
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps([each._asdict() for each in figures], indent=1) + "\n")
    sys.stdout.write("\n".join(lines(figures)) + "\n")
    return int(any(each.is_over for each in figures))


if __name__ == "__main__":
    raise SystemExit(main())
