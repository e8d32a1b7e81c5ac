"""Commands in this process: fast, with what they print and the exit code they return."""

from __future__ import annotations

import io
import os
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner

from gradesys.cli import gradesys, main
from gradesys.dataverse.retry import ClientOptions

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


def left(folder: Path, *arguments: str, **settings: str) -> Done:
    """Run the whole command line in the project's root with these settings only, to its exit code;
    nobody waits between attempts."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("GRADESYS_")]:
            patch.delenv(name)
        for name, value in {"GRADESYS_WORK": str(folder / "work.sqlite"), **settings}.items():
            patch.setenv(name, value)
        patch.setattr(sys, "argv", ["gradesys", *arguments])
        patch.setattr("gradesys.org.ClientOptions", partial(ClientOptions, sleep=lambda s: None))
        patch.chdir(ROOT)
        with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as exit:
            main()
    return Done(out.getvalue(), err.getvalue(), int(exit.value.code or 0))
