"""From the text of a ``$filter`` to odata-query's syntax tree.

Its grammar has three gaps: names that begin with a keyword (``allowed...``), ``not(`` without a
blank, and ``in`` with a single value. They are closed between its lexer and its parser.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from odata_query import ast
from odata_query.exceptions import ODataException, UnknownFunctionException

from emulator.errors import Unsupported, bad_query
from emulator.query.functions import rewrite_functions

_COUNTED = re.compile(r"/\$count\b")
_QUOTED = re.compile(r"'(?:[^']|'')*'")
_KEYWORDS = frozenset({"ANY", "ALL", "NULL", "BOOLEAN"})


@lru_cache(maxsize=128)
def parse_filter(text: str) -> ast._Node:
    """The syntax tree; 400 for a syntax error. Dataverse's own functions have one text argument."""
    if _COUNTED.search(_QUOTED.sub("''", text)):
        raise Unsupported("$count in $filter")
    # Its tables are built while it is imported, which takes longer than all of our own modules.
    from odata_query.grammar import ODataLexer, ODataParser

    try:
        tokens = _single_lists(_merged(ODataLexer().tokenize(rewrite_functions(text.strip()))))
        tree: ast._Node = ODataParser().parse(iter(tokens))
    except UnknownFunctionException as error:
        raise Unsupported(f"a query function of $filter={text}") from error
    except ODataException as error:
        raise bad_query(f"Syntax error in '$filter={text}': {error}") from error
    except AttributeError as error:
        # The grammar fails this way on a collection behind two navigation properties.
        raise Unsupported(f"such a path in $filter={text}") from error
    return tree


def _merged(tokens: Iterable[Any]) -> Iterator[Any]:
    """Join a keyword with the rest of the name it is only the beginning of."""
    held: Any = None
    for token in tokens:
        if held is not None and _continues(held, token):
            token.value = ast.Identifier(_text(held) + _text(token))
            token.type, token.index, held = "ODATA_IDENTIFIER", held.index, None
        if held is not None:
            yield held
        held = token if token.type in _KEYWORDS else None
        if held is None:
            yield _negation(token)
    if held is not None:
        yield held


def _continues(held: Any, token: Any) -> bool:
    adjacent = token.index == held.index + len(_text(held))
    return adjacent and token.type in ("ODATA_IDENTIFIER", "INTEGER")


def _text(token: Any) -> str:
    value = token.value
    if isinstance(value, ast.Identifier):
        return function_name(value)
    return str(getattr(value, "val", None) or type(value).__name__.lower())


def function_name(identifier: ast.Identifier) -> str:
    """The dotted name as written."""
    return ".".join((*identifier.namespace, identifier.name))


def _negation(token: Any) -> Any:
    if token.type == "ODATA_IDENTIFIER" and token.value == ast.Identifier("not"):
        token.type, token.value = "NOT", ast.Not()
    return token


def _single_lists(tokens: Iterable[Any]) -> list[Any]:
    """``in ('a')`` as the grammar wants it: ``in ('a',)``."""
    found = list(tokens)
    for at in range(len(found) - 1, -1, -1):
        if found[at].type == "IN":
            _close_single(found, at + 1)
    return found


def _close_single(tokens: list[Any], at: int) -> None:
    kinds = [token.type for token in tokens[at : at + 5]]
    solid = [kind for kind in kinds if kind != "WS"]
    if solid[:1] == ["("] and solid[2:3] == [")"]:
        close = at + kinds.index(")")
        comma = type(tokens[close])()
        comma.type = comma.value = ","
        comma.index, comma.lineno = tokens[close].index, tokens[close].lineno
        tokens.insert(close, comma)
