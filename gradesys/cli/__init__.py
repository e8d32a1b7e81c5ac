"""The command line: one short function a command, and the one place that maps errors to exit codes.

Exit codes (architecture section 9): 0 ok, 1 findings or failed tests, 2 usage, 3 configuration or
sign-in, 4 Dataverse unreachable, 5 some rows failed, 6 plan has changes; 130 after Ctrl-C.
"""

from __future__ import annotations

import logging
import sys

import click

from gradesys import __version__
from gradesys.cli import (
    activate,
    cases,
    catchup,
    demo,
    deploy,
    diff,
    doctor,
    explain,
    handbook,
    models,
    new,
    parked,
    pause,
    resync,
    rotate,
    runlist,
    runs,
    schema,
    smoke,
    validate,
)
from gradesys.errors import (
    DataverseError,
    GradesysError,
    MissingMetadata,
    MissingPrivilege,
    PermanentError,
    RuleError,
    SettingsError,
    StoreError,
)

EXIT_CODES: tuple[tuple[type[GradesysError], int], ...] = (
    (RuleError, 1),
    (SettingsError, 3),
    (MissingPrivilege, 3),
    (MissingMetadata, 3),
    (PermanentError, 1),
    (StoreError, 3),
    (DataverseError, 4),
    (GradesysError, 1),
)
INTERRUPTED = 130
"""As a shell tells of whoever was ended by Ctrl-C."""


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="gradesys")
@click.option("--verbose", is_flag=True, help="Log what happens to stderr.")
def gradesys(verbose: bool) -> None:
    """Scores and grades for any Dataverse table: live, exact and explained."""
    level = logging.INFO if verbose else logging.ERROR
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")


for command in (
    validate.validate,
    cases.test_cases,
    explain.explain,
    resync.resync,
    runlist.list_runs,
    *runs.COMMANDS,
    *pause.COMMANDS,
    parked.parked,
    catchup.catchup,
    deploy.deploy,
    doctor.doctor,
    activate.activate,
    rotate.rotate_key,
    demo.demo,
    new.new,
    models.models,
    diff.diff,
    handbook.handbook,
    schema.schema,
    smoke.smoke,
):
    gradesys.add_command(command)


def main() -> None:
    """Run a command and leave with its exit code."""
    try:
        sys.exit(gradesys(standalone_mode=False) or 0)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped", err=True)
        sys.exit(INTERRUPTED)
    except GradesysError as error:
        click.echo(str(error), err=True)
        sys.exit(next(code for kind, code in EXIT_CODES if isinstance(error, kind)))
