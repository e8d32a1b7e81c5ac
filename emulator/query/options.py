"""The system query options of a request, taken apart but not yet understood.

The same shape serves the query string (``&``) and the options of an ``$expand`` item (``;``).
"""

from collections.abc import Iterator
from urllib.parse import unquote_plus

from msgspec import Struct

from emulator.errors import Unsupported, bad_query
from emulator.query.aliases import resolve_aliases
from emulator.query.fetchxml.faults import too_many_links

MOST_EXPANDS = 15
# Parameters without a meaning for the answer: ?tag= is for steps (dataverse.md 3.12).
_IGNORED = frozenset({"tag"})
_ON_WRITES = _IGNORED | {"$select", "$expand", "$id", "SolutionUniqueName", "sessiontoken",
                         "x-ms-file-name"}  # fmt: skip


class Options(Struct, frozen=True):
    """``order`` has (path, descending); ``expand`` has (navigation property, its options)."""

    select: tuple[str, ...] = ()
    filter: str | None = None
    order: tuple[tuple[str, bool], ...] = ()
    expand: tuple[tuple[str, "Options"], ...] = ()
    top: int | None = None
    count: bool = False
    skiptoken: str | None = None
    apply: str | None = None
    fetch: str | None = None
    sql: str | None = None
    pairs: tuple[tuple[str, str], ...] = ()

    def refuse_beside(self, *allowed: str) -> None:
        """501 when there are other options than these (aliases and tags do not count)."""
        for name, _ in self.pairs:
            if name not in _IGNORED and name not in allowed and not name.startswith("@"):
                raise Unsupported(f"the query option {name} beside {allowed[0]}")


def parse_query(query: str, also: frozenset[str] = frozenset()) -> Options:
    """The options of a raw query string; 501 for one that is neither known nor in ``also``."""
    if unquote_plus(query).count("expand=") > MOST_EXPANDS:
        raise too_many_links()
    pairs = _pairs(query)
    names = [name for name, _ in pairs]
    if len(set(names)) < len(names):
        raise bad_query("A query option was specified more than once.")
    return _options(pairs, also)


def _pairs(query: str) -> list[tuple[str, str]]:
    parts = [part.partition("=") for part in query.split("&") if part]
    return [(unquote_plus(name), unquote_plus(value)) for name, _, value in parts]


def check_write(query: str) -> None:
    """501 for an option that means nothing here on a request that writes."""
    for name, _ in _pairs(query):
        if name not in _ON_WRITES:
            raise Unsupported(f"the query option {name} on a request that writes")


def parse_single(query: str) -> Options:
    """The options of a request for one row; 400 for those that choose among many."""
    options = parse_query(query)
    if options.filter or options.order or options.top is not None or options.count:
        raise bad_query(
            "Query options $orderby, $inlinecount, $skip and $top can be applied only on "
            "collections."
        )
    return options


def _options(pairs: list[tuple[str, str]], also: frozenset[str] = frozenset()) -> Options:
    found = resolve_aliases({name: value for name, value in pairs if name not in _IGNORED})
    for name in found:
        if name not in _KNOWN | also:
            raise Unsupported(f"the query option {name}")
    return Options(
        select=tuple(split_outside(found.get("$select", ""), ",")),
        filter=found.get("$filter"),
        order=tuple(_order(part) for part in split_outside(found.get("$orderby", ""), ",")),
        expand=tuple(_expand(part) for part in split_outside(found.get("$expand", ""), ",")),
        top=_top(found.get("$top")),
        count=_flag(found.get("$count", "false")),
        skiptoken=found.get("$skiptoken"),
        apply=found.get(APPLY),
        fetch=found.get(FETCH),
        sql=found.get(SQL),
        pairs=tuple(pairs),
    )


APPLY, FETCH, SQL = "$apply", "fetchXml", "sql"
_KNOWN = frozenset({"$select", "$filter", "$orderby", "$expand", "$top", "$count", "$skiptoken"})


def _order(part: str) -> tuple[str, bool]:
    path, _, direction = part.partition(" ")
    if direction.strip() not in ("", "asc", "desc"):
        raise bad_query(f"Syntax error in '$orderby': '{part}'.")
    return path, direction.strip() == "desc"


def _expand(part: str) -> tuple[str, Options]:
    name, opened, rest = part.partition("(")
    if not opened:
        return name.strip(), Options()
    if not rest.endswith(")"):
        raise bad_query(f"Found an unbalanced bracket expression in '{part}'.")
    pairs = [item.partition("=") for item in split_outside(rest[:-1], ";")]
    return name.strip(), _options([(key.strip(), value) for key, _, value in pairs])


def _top(text: str | None) -> int | None:
    if text is None:
        return None
    if not text.isdecimal():
        raise bad_query(f"Invalid value '{text}' for $top query option found.")
    return int(text)


def _flag(text: str) -> bool:
    if text not in ("true", "false"):
        raise bad_query(f"Invalid value '{text}' for $count query option found.")
    return text == "true"


def split_outside(text: str, separator: str) -> Iterator[str]:
    """Split at the separator outside of brackets and quotes."""
    depth, quoted, start = 0, False, 0
    for at, char in enumerate(text):
        if char == "'":
            quoted = not quoted
        elif not quoted and char == separator and depth == 0:
            yield text[start:at].strip()
            start = at + 1
        elif not quoted:
            depth += (char == "(") - (char == ")")
    if text[start:].strip():
        yield text[start:].strip()
