"""The command line, as ``gradesys`` and as ``python -m gradesys``."""

from gradesys.starting import starting

with starting():
    from gradesys.cli import main

if __name__ == "__main__":
    main()
