"""What the webhook body needs to know about tables, read from the organisation's definitions."""

from emulator.organization import Organization
from emulator.seeds import BASE_LANGUAGE

UNKNOWN = "String"


class OrganizationSchema:
    """Satisfies `emulator.webhooks.body.Schema`; a column deleted meanwhile counts as text."""

    def __init__(self, org: Organization) -> None:
        self._org = org

    def kind(self, table: str, column: str) -> str:
        """The AttributeType of a column."""
        found = self._org.definitions.tables.get(table)
        return found.columns[column].kind if found and column in found.columns else UNKNOWN

    def primary_id(self, table: str) -> str:
        """The logical name of the key column."""
        found = self._org.definitions.tables.get(table)
        return found.id_column if found else f"{table}id"

    def primary_name(self, table: str) -> str | None:
        """The logical name of the column that names a row."""
        found = self._org.definitions.tables.get(table)
        return found.name_column if found else None

    def label(self, table: str, column: str, value: int) -> str | None:
        """A choice value's label in the base language."""
        definitions = self._org.definitions
        found = definitions.tables.get(table)
        known = found.columns.get(column) if found else None
        choice = definitions.choice_of(known) if known else None
        option = choice.option(value) if choice else None
        return option.labels.get(BASE_LANGUAGE) if option else None

    def shown_name(self, table: str, id: str) -> str | None:
        """What a row is called now; None when it is gone."""
        name = self.primary_name(table)
        row = self._org.row(table, id) if name and table in self._org.definitions.tables else None
        return str(row[name]) if name and row and row[name] is not None else None
