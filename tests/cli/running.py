"""Commands in this process: fast, with what they print and the exit code they return."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from gradesys.cli import gradesys

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Done:
    """``out``, ``err``: what was printed; ``code``: what the command returned."""

    out: str
    err: str
    code: int


def done(*arguments: str | Path, **environment: str) -> Done:
    """Run a command. Raises what the command raises."""
    words = [str(argument) for argument in arguments]
    result = CliRunner().invoke(
        gradesys, words, env=environment, catch_exceptions=False, standalone_mode=False
    )
    if result.exception is not None:
        raise result.exception
    return Done(result.stdout, result.stderr, int(result.return_value or 0))
