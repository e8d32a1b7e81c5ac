"""The command line, as ``gradesys`` and as ``python -m gradesys``."""

import os
import sys

from gradesys.starting import starting

with starting():
    from gradesys.cli import INTERRUPTED
    from gradesys.cli import main as run


def main() -> None:
    """Run a command. Who interrupts one is not kept until threads have heard from Dataverse, which
    may have asked them to wait for minutes."""
    try:
        run()
    except SystemExit as end:
        if end.code != INTERRUPTED:
            raise
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(INTERRUPTED)


if __name__ == "__main__":
    main()
