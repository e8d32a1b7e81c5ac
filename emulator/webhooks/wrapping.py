"""The older form of guids and date-times in a body: wrapped with their type (dataverse.md 1.5).

Servers of either age exist, so a test may ask for this one.
"""

import re
from typing import Any

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_DATE = re.compile(r"/Date\(-?\d+\)/")


def wrapped(tree: Any) -> Any:
    """The tree with every guid and date-time that is the value of a pair in the older form."""
    if isinstance(tree, list):
        return [wrapped(item) for item in tree]
    if not isinstance(tree, dict):
        return tree
    if tree.keys() == {"key", "value"}:
        return {"key": tree["key"], "value": _value(tree["value"])}
    return {name: wrapped(value) for name, value in tree.items()}


def _value(value: Any) -> Any:
    if not isinstance(value, str):
        return wrapped(value)
    for pattern, name in ((_GUID, "Guid"), (_DATE, "DateTime")):
        if pattern.fullmatch(value):
            return {"__type": f"{name}:#System", "__value": value}
    return value
