"""Parameter aliases: ``$filter=name eq @p1&@p1='x'``."""

import re
from collections.abc import Mapping

_ALIAS = re.compile(r"'(?:[^']|'')*+'|\"[^\"]*+\"|@\w+")
_OPTIONS = ("$filter", "$orderby", "$expand", "$apply")


def resolve_aliases(given: Mapping[str, str]) -> dict[str, str]:
    """The options with their aliases replaced; one without a value counts as null."""
    values = {name: value for name, value in given.items() if name.startswith("@")}
    kept = {name: value for name, value in given.items() if not name.startswith("@")}

    def replaced(match: re.Match[str]) -> str:
        return values.get(match[0], "null") if match[0].startswith("@") else match[0]

    for name in _OPTIONS:
        if "@" in kept.get(name, ""):
            kept[name] = _ALIAS.sub(replaced, kept[name])
    return kept
