"""Scores and grades for any Dataverse table: live, exact and explained."""

__version__ = "0.1.0"
