"""Changes of the organisation's own shape: tables, columns, choices, lookups and Custom APIs."""
