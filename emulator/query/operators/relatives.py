"""Conditions about the calling user, and about the place in a hierarchy."""

from collections.abc import Callable, Mapping, Sequence

from emulator.definitions import Definitions, Table
from emulator.errors import invalid_argument
from emulator.query.asker import Asker
from emulator.query.operators.operand import Operand, Operator, only
from emulator.query.source import Sql
from emulator.rows.schema import quote
from emulator.rows.values import SqlValue


def _asker(sign: str, find: Callable[[Asker], SqlValue]) -> Operator:
    def condition(operand: Operand, values: Sequence[str]) -> Sql:
        return Sql(f"{operand.sql} {sign} ?", (find(operand.asking()),))

    return condition


def _user_or_below(operand: Operand, values: Sequence[str]) -> Sql:
    user = operand.asking().user
    below = _descent(operand.source.definitions, operand.source.definitions.tables["systemuser"])
    return Sql(f"({operand.sql} = ? OR {operand.sql} IN ({below}))", (user, user))


def _teams_of_user(operand: Operand, values: Sequence[str]) -> Sql:
    teams = "SELECT teamid FROM teammembership WHERE systemuserid = ?"
    return Sql(f"{operand.sql} IN ({teams})", (operand.asking().user,))


def _user_or_teams(operand: Operand, values: Sequence[str]) -> Sql:
    teams = _teams_of_user(operand, values)
    return Sql(f"({operand.sql} = ? OR {teams.text})", teams.values * 2)


def _under(operand: Operand, values: Sequence[str]) -> Sql:
    definitions = operand.source.definitions
    return Sql(
        f"{operand.sql} IN ({_descent(definitions, _ranked(operand))})",
        (operand.stored(only(values)),),
    )


def _above(operand: Operand, values: Sequence[str]) -> Sql:
    definitions = operand.source.definitions
    return Sql(
        f"{operand.sql} IN ({_ascent(definitions, _ranked(operand))})",
        (operand.stored(only(values)),),
    )


def _not_under(operand: Operand, values: Sequence[str]) -> Sql:
    found = _under(operand, values)
    return Sql(f"NOT ({found.text})", found.values)


def _or_equal(condition: Operator) -> Operator:
    def either(operand: Operand, values: Sequence[str]) -> Sql:
        found = condition(operand, values)
        value = operand.stored(only(values))
        return Sql(f"({operand.sql} = ? OR {found.text})", (value, *found.values))

    return either


def _ranked(operand: Operand) -> Table:
    """The table in whose hierarchy the column's rows stand."""
    column, source = operand.column, operand.source
    if column.name == source.table.id_column:
        return source.table
    tables = [source.definitions.tables.get(name) for name in column.targets]
    if len(tables) == 1 and tables[0] is not None:
        return tables[0]
    raise invalid_argument(f"The column '{column.name}' belongs to no hierarchy.")


def _descent(definitions: Definitions, table: Table) -> str:
    """SQL for the ids of all rows below one; UNION ends at a cycle."""
    key, parent = quote(table.id_column), quote(_parent_lookup(definitions, table))
    return (
        f"WITH RECURSIVE kin(id) AS (SELECT {key} FROM {quote(table.name)} WHERE {parent} = ? "
        f"UNION SELECT row.{key} FROM {quote(table.name)} row JOIN kin ON row.{parent} = kin.id) "
        "SELECT id FROM kin"
    )


def _ascent(definitions: Definitions, table: Table) -> str:
    """SQL for the ids of all rows above one."""
    key, parent = quote(table.id_column), quote(_parent_lookup(definitions, table))
    return (
        f"WITH RECURSIVE kin(id) AS (SELECT {parent} FROM {quote(table.name)} WHERE {key} = ? "
        f"UNION SELECT row.{parent} FROM {quote(table.name)} row JOIN kin ON row.{key} = kin.id) "
        "SELECT id FROM kin WHERE id IS NOT NULL"
    )


def _parent_lookup(definitions: Definitions, table: Table) -> str:
    """The lookup of the table's hierarchical relationship: the one called parent."""
    found = sorted(
        item.lookup
        for item in definitions.referencing(table.name)
        if item.child == table.name and "parent" in item.lookup
    )
    if not found:
        raise invalid_argument(f"The table '{table.name}' has no hierarchical relationship.")
    return found[0]


RELATIVES: Mapping[str, Operator] = {
    "eq-userid": _asker("=", lambda asker: asker.user),
    "ne-userid": _asker("<>", lambda asker: asker.user),
    "eq-businessid": _asker("=", lambda asker: asker.unit),
    "ne-businessid": _asker("<>", lambda asker: asker.unit),
    "eq-userlanguage": _asker("=", lambda asker: asker.language),
    "eq-useroruserhierarchy": _user_or_below,
    "eq-userteams": _teams_of_user,
    "eq-useroruserteams": _user_or_teams,
    "under": _under,
    "eq-or-under": _or_equal(_under),
    "not-under": _not_under,
    "above": _above,
    "eq-or-above": _or_equal(_above),
}
