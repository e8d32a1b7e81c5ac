"""The command line as an admin and an operator use it."""
