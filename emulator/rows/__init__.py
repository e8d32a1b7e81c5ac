"""Rows on SQLite: how values are stored, checked, stamped and changed."""
