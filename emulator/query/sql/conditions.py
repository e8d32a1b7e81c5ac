"""The WHERE of a SELECT; a NOT is carried inwards, to operators that mean the opposite."""

from emulator.query.sql.model import Condition, Group, Name, Predicate
from emulator.query.sql.tokens import Tokens, bad_sql

_SIGNS = {"=": "eq", "<>": "ne", "!=": "ne", ">": "gt", ">=": "ge", "<": "lt", "<=": "le"}
_PAIRS = (
    ("eq", "ne"),
    ("gt", "le"),
    ("lt", "ge"),
    ("like", "not-like"),
    ("in", "not-in"),
    ("between", "not-between"),
    ("null", "not-null"),
)
_OPPOSITES = {**dict(_PAIRS), **{right: left for left, right in _PAIRS}}


def read_name(tokens: Tokens) -> Name:
    """``column`` or ``alias.column``."""
    first = tokens.name()
    return Name(tokens.name(), first) if tokens.take(".") else Name(first)


def read_condition(tokens: Tokens) -> Condition:
    """Everything up to what no longer belongs to the condition; OR binds weakest."""
    return _chain(tokens, "OR")


def _chain(tokens: Tokens, word: str) -> Condition:
    parts = [_part(tokens, word)]
    while tokens.take(word):
        parts.append(_part(tokens, word))
    return parts[0] if len(parts) == 1 else Group(tuple(parts), either=word == "OR")


def _part(tokens: Tokens, word: str) -> Condition:
    return _chain(tokens, "AND") if word == "OR" else _single(tokens)


def _single(tokens: Tokens) -> Condition:
    if tokens.take("NOT"):
        return _opposite(_single(tokens))
    if tokens.take("("):
        inner = read_condition(tokens)
        tokens.expect(")")
        return inner
    return _predicate(tokens, read_name(tokens))


def _predicate(tokens: Tokens, name: Name) -> Predicate:
    if tokens.take("IS"):
        missing = tokens.take("NOT")
        tokens.expect("NULL")
        return Predicate(name, "not-null" if missing else "null")
    sign = tokens.peek()
    if sign in _SIGNS:
        tokens.take(sign)
        return Predicate(name, _SIGNS[sign], (tokens.literal(),))
    turned = tokens.take("NOT")
    found = _worded(tokens, name)
    return Predicate(name, _OPPOSITES[found.operator], found.values) if turned else found


def _worded(tokens: Tokens, name: Name) -> Predicate:
    if tokens.take("LIKE"):
        return Predicate(name, "like", (tokens.literal(),))
    if tokens.take("BETWEEN"):
        low = tokens.literal()
        tokens.expect("AND")
        return Predicate(name, "between", (low, tokens.literal()))
    if not tokens.take("IN"):
        raise bad_sql(f"unexpected '{tokens.peek()}' in a condition.")
    tokens.expect("(")
    values = [tokens.literal()]
    while tokens.take(","):
        values.append(tokens.literal())
    tokens.expect(")")
    return Predicate(name, "in", tuple(values))


def _opposite(condition: Condition) -> Condition:
    if isinstance(condition, Predicate):
        return Predicate(condition.name, _OPPOSITES[condition.operator], condition.values)
    return Group(tuple(_opposite(part) for part in condition.parts), not condition.either)
