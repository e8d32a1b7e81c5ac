"""Members of a definition that clients send back although only reading shows them.

Whoever updates a definition reads it, changes a member and puts the whole: a member that cannot
be changed is ignored while it says what is stored, and refused when it says something else.
"""

from collections.abc import Collection, Mapping
from typing import Any

from emulator.errors import Unsupported


def changeable(
    sent: Mapping[str, Any], current: Mapping[str, Any], names: Collection[str]
) -> dict[str, Any]:
    """The members of these names; 501 for others that differ from what is stored."""
    for name, value in sent.items():
        if name not in names and not (_is_annotation(name) or _is_same(name, value, current)):
            raise Unsupported(f"changing the member {name} of a definition")
    return {name: value for name, value in sent.items() if name in names}


def _is_same(name: str, value: Any, current: Mapping[str, Any]) -> bool:
    return name in current and bool(current[name] == value)


def _is_annotation(name: str) -> bool:
    return "@" in name and not name.endswith("@odata.bind")
