"""The value encodings of Dataverse's webhook bodies (dataverse.md section 1.5), read leniently.

A value that is absent or of an unknown kind is None; one that claims to be an id and is not, or a
body that is no JSON object, is malformed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from decimal import Decimal
from typing import Any, NoReturn
from uuid import UUID

from gradesys.dataverse.odata import NAME
from gradesys.errors import GradesysError
from gradesys.records import Ref

SIZE_LIMIT = 300 * 1024
"""Bytes; Dataverse itself cuts bodies at 256 KB."""
DEPTH_LIMIT = 64
_MESSAGE = re.compile(r"[A-Za-z][A-Za-z0-9_.]{0,127}")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


class MalformedEvent(GradesysError):
    """A webhook body that Dataverse cannot have sent."""


class OversizedEvent(MalformedEvent):
    """A body larger than Dataverse sends any."""


def parse_body(body: bytes) -> Mapping[str, Any]:
    """The JSON object in ``body``. Raises ``MalformedEvent``."""
    if len(body) > SIZE_LIMIT:
        raise OversizedEvent("the body is too large")
    try:
        context = json.loads(
            body.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_refuse_constant
        )
        too_deep = _deeper_than(context, DEPTH_LIMIT)
    except (ValueError, RecursionError, ArithmeticError) as error:
        raise MalformedEvent("the body is not JSON") from error
    if too_deep or not isinstance(context, dict):
        raise MalformedEvent("the body is not a JSON object, or nested too deep")
    return context


def members(value: Any) -> dict[str, Any]:
    """A list of key/value pairs (or a plain object) as a dict; null and absent are empty."""
    if value is None:
        return {}
    if isinstance(value, dict):
        return value
    if not isinstance(value, list):
        raise MalformedEvent("a collection is no list")
    found: dict[str, Any] = {}
    for pair in value:
        if not isinstance(pair, dict) or not isinstance(pair.get("key"), str):
            raise MalformedEvent("a collection holds something that is no pair")
        found[pair["key"]] = pair.get("value")
    return found


def attributes(entity: Any) -> dict[str, Any] | None:
    """The columns of an Entity by lower-case name; None where there is no Entity."""
    if not isinstance(entity, dict) or entity.get("Attributes") is None:
        return None
    return {name.lower(): value for name, value in members(entity["Attributes"]).items()}


def lookups(columns: Mapping[str, Any]) -> dict[str, Ref | None]:
    """The references among ``columns``; null values are kept as None, for any may be a lookup."""
    return {
        name: _reference(value)
        for name, value in columns.items()
        if value is None or _is_reference(value)
    }


def references(value: Any) -> tuple[Ref, ...]:
    """A list of references, bare or inside a collection; anything else in it is passed over."""
    lists = [value] if isinstance(value, list) else _children(value)
    items = [item for each in lists if isinstance(each, list) for item in each]
    found = (_reference(item) for item in items if _is_reference(item))
    return tuple(ref for ref in found if ref is not None)


def ids(value: Any) -> tuple[str, ...]:
    """One guid, or a list of them, bare or inside something; anything else is passed over, for
    nobody documents how these are posted."""
    if isinstance(value, str):
        with suppress(MalformedEvent):
            return (str(uuid_text(value)),)
    return tuple(id for child in _children(value) for id in ids(child))


def uuid_text(value: Any) -> str | None:
    """A guid in any encoding, lower case; None for null and absent."""
    text = _unwrapped(value)
    if text is None:
        return None
    try:
        return str(UUID(text))
    except (ValueError, AttributeError, TypeError):
        raise MalformedEvent("something that should be an id is none") from None


def table_name(value: Any) -> str | None:
    """A logical name, lower case; None for null, absent and «none»."""
    if value is None or value in ("", "none"):
        return None
    if not isinstance(value, str) or not NAME.fullmatch(value.lower()):
        raise MalformedEvent("something that should be a table name is none")
    return value.lower()


def message_name(value: Any) -> str:
    """A message's name. Raises ``MalformedEvent`` for anything else."""
    if not isinstance(value, str) or not _MESSAGE.fullmatch(value):
        raise MalformedEvent("the body names no message")
    return value


def plain(value: Any) -> str | None:
    """A parameter of a Custom API as text; None for anything that is no single value."""
    value = _unwrapped(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str) and _SURROGATE.search(value):
        raise MalformedEvent("a parameter is no text")
    return str(value) if isinstance(value, str | int | Decimal) else None


def _is_reference(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    kind = str(value.get("__type", "")).partition(":")[0]
    unnamed = not kind and "LogicalName" in value and "Attributes" not in value
    return kind == "EntityReference" or unnamed


def _reference(value: Any) -> Ref | None:
    if value is None:
        return None
    table, id_ = table_name(value.get("LogicalName")), uuid_text(value.get("Id"))
    if table is None or id_ is None:
        raise MalformedEvent("a reference points to nothing")
    return Ref(table, id_)


def _unwrapped(value: Any) -> Any:
    return value.get("__value") if isinstance(value, dict) else value


def _deeper_than(value: Any, limit: int) -> bool:
    level = [value]
    for _ in range(limit):
        level = [child for parent in level for child in _children(parent)]
        if not level:
            return False
    return True


def _children(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")
