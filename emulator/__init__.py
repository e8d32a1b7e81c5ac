"""A Dataverse Web API v9.2 on SQLite for development, tests and the demo."""
