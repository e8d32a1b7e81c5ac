"""From the text of a SELECT to its model; what the service does not take is refused with 400."""

from emulator.query.sql.conditions import read_condition, read_name
from emulator.query.sql.model import Item, Join, Name, Order, Select
from emulator.query.sql.tokens import Tokens, bad_sql, read_tokens

FUNCTIONS = ("COUNT", "SUM", "AVG", "MIN", "MAX")
# A word after a table that is no alias.
_CLAUSES = frozenset(
    {"", "FROM", "INNER", "LEFT", "JOIN", "WHERE", "GROUP", "ORDER", "OFFSET", "ON", "AS", "CROSS",
     "RIGHT", "FULL", "HAVING", "UNION", ",", ";"}
)  # fmt: skip


def parse_select(sql: str) -> Select:
    """The statement; 400 for another one, for several, and for what Dataverse refuses."""
    tokens = read_tokens(sql)
    tokens.expect("SELECT")
    distinct = tokens.take("DISTINCT")
    size = tokens.number() if tokens.take("TOP") else None
    items = [_item(tokens)]
    while tokens.take(","):
        items.append(_item(tokens))
    tokens.expect("FROM")
    table = tokens.name()
    alias = (_alias(tokens) or table).lower()
    joins = tuple(_joins(tokens))
    where = read_condition(tokens) if tokens.take("WHERE") else None
    groups = _names(tokens) if tokens.take("GROUP", "BY") else ()
    orders = tuple(_orders(tokens)) if tokens.take("ORDER", "BY") else ()
    skipped, size = _window(tokens, size)
    tokens.take(";")
    if tokens.peek():
        raise bad_sql(f"'{tokens.peek()}' is not supported here.")
    return Select(tuple(items), table, alias, joins, where, groups, orders, distinct, size, skipped)


def _item(tokens: Tokens) -> Item:
    if tokens.peek() == "*":
        raise bad_sql("SELECT * is not supported.")
    word = tokens.peek()
    if word in FUNCTIONS and tokens.take(word, "("):
        distinct = tokens.take("DISTINCT")
        name = None if word == "COUNT" and tokens.take("*") else read_name(tokens)
        tokens.expect(")")
        return Item(name, _alias(tokens), word.lower(), distinct)
    return Item(read_name(tokens), _alias(tokens))


def _alias(tokens: Tokens) -> str | None:
    """What stands behind AS, or a word that begins nothing else."""
    if tokens.take("AS"):
        return tokens.word()
    return None if tokens.peek() in _CLAUSES else tokens.word()


def _joins(tokens: Tokens) -> list[Join]:
    found: list[Join] = []
    while True:
        if tokens.take("JOIN") or tokens.take("INNER", "JOIN"):
            kind = "inner"
        elif tokens.take("LEFT", "JOIN") or tokens.take("LEFT", "OUTER", "JOIN"):
            kind = "outer"
        else:
            return found
        table = tokens.name()
        alias = (_alias(tokens) or table).lower()
        tokens.expect("ON")
        left = read_name(tokens)
        tokens.expect("=")
        found.append(Join(table, alias, kind, left, read_name(tokens)))


def _names(tokens: Tokens) -> tuple[Name, ...]:
    found = [read_name(tokens)]
    while tokens.take(","):
        found.append(read_name(tokens))
    return tuple(found)


def _orders(tokens: Tokens) -> list[Order]:
    found: list[Order] = []
    while not found or tokens.take(","):
        name = read_name(tokens)
        descending = tokens.take("DESC")
        if not descending:
            tokens.take("ASC")
        found.append(Order(name, descending))
    return found


def _window(tokens: Tokens, size: int | None) -> tuple[int, int | None]:
    if not tokens.take("OFFSET"):
        return 0, size
    skipped = tokens.number()
    tokens.expect("ROWS")
    if tokens.take("FETCH", "NEXT"):
        size = tokens.number()
        tokens.expect("ROWS", "ONLY")
    return skipped, size
