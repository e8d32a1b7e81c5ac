"""``python -m gradesys`` is the command line."""

from gradesys.cli import main

main()
