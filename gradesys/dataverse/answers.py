"""What Dataverse answered, and which of our few errors a refusal becomes.

Status first, code second: Dataverse's documentation calls the code «frequently empty», and gateways
answer in HTML (dataverse.md sections 3.14 and 4).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NoReturn

from msgspec import Struct

from gradesys.errors import (
    Answer,
    DataverseError,
    MissingMetadata,
    MissingPrivilege,
    NotTracked,
    PermanentError,
    SettingsError,
    TemporaryError,
    TokenExpired,
)

GONE = "0x80040217"
NO_ACCESS_TO_ROW = "0x80048306"
SQL_CODES = frozenset({"0x80044150", "0x80044151"})
"""Errors of the database under it, deadlocks and timeouts among them."""
TEMPORARY_CODES = SQL_CODES | {
    "0x80071151",  # another import or publish is running
    "0x80072321",  # service protection: execution time, requests, concurrency
    "0x80072322",
    "0x80072326",
}
TEMPORARY_STATUS = frozenset({408, 429, 500, 502, 503, 504})
CLOSED_CODES = frozenset({"0x8004022e", "0x80048d00"})
"""«The object cannot be updated because it is read-only» and its like; no list of them is public,
so the words count too."""
_TRACKING: Mapping[str, tuple[type[PermanentError], str]] = {
    "0x80044352": (TokenExpired, "read the table from the start"),
    "0x80072491": (NotTracked, "turn on «Track changes» in the table's properties"),
}
"""Refusals of change tracking, and what to do about each."""
_METADATA = re.compile(
    r"could not find a property|resource not found for the segment|does not exist on type"
    r"|undeclared property|doesn't contain attribute|attribute \S+ does not exist"
    r"|was not found in the metadata",
    re.IGNORECASE,
)
_METADATA_CODES = frozenset({"0x8006088a", "0x80041103", "0x8004111e"})
_READ_ONLY = re.compile(r"\bread[- ]?only\b|\bis closed and cannot\b", re.IGNORECASE)
_DOES_NOT_EXIST = re.compile(r"\bwith ids? = .*\bdo(es)? not exist\b", re.IGNORECASE)


class Response(Struct, frozen=True):
    """One answer: header names compare without case; ``content`` is what came, undecoded;
    ``seconds``: how long it took."""

    status: int
    headers: Mapping[str, str]
    content: bytes = b""
    seconds: float = 0.0

    def json(self) -> Any:
        """The body with every number a Decimal. Raises ``PermanentError`` for anything else."""
        try:
            return json.loads(
                self.content, parse_float=Decimal, parse_int=Decimal, parse_constant=_no_constant
            )
        except (ValueError, RecursionError) as error:
            raise PermanentError("the answer is not JSON", Answer(self.status)) from error

    def error(self) -> DataverseError | SettingsError | None:
        """What a refusal means; None for a success (2xx and 304)."""
        if 200 <= self.status < 300 or self.status == 304:
            return None
        return _refusal(self)


PartResponse = Response
"""The answer to one part of a batch."""


def is_gone(error: DataverseError) -> bool:
    """Whether the refused row does not exist."""
    if isinstance(error, MissingMetadata):
        return False
    answer = error.answer
    return answer.code == GONE or answer.status == 404 or bool(_DOES_NOT_EXIST.search(str(error)))


def is_eased_by_less(error: DataverseError) -> bool:
    """Whether a smaller unit of work may pass: deadlocks, SQL timeouts, unexpected errors."""
    return error.answer.status == 500 or error.answer.code in SQL_CODES


def is_closed(error: DataverseError) -> bool:
    """Whether the refused row is read-only in its state (paid, won, resolved, …)."""
    return error.answer.code in CLOSED_CODES or bool(_READ_ONLY.search(str(error)))


def _refusal(response: Response) -> DataverseError | SettingsError:
    code, text = _code_and_text(response.content)
    headers = response.headers
    request_id = headers.get("x-ms-service-request-id") or headers.get("REQ_ID") or ""
    answer = Answer(response.status, code, request_id)
    message = f"Dataverse answered {response.status} {code}".strip() + (f": {text}" if text else "")
    if response.status in TEMPORARY_STATUS or code in TEMPORARY_CODES:
        return TemporaryError(message, answer, _seconds(headers.get("Retry-After")))
    if response.status == 401:
        return SettingsError(f"sign-in was refused. {message}")
    if response.status == 403:
        return MissingPrivilege(message, answer)
    if code in _TRACKING:
        kind, advice = _TRACKING[code]
        return kind(f"{message} ({advice})", answer)
    kind = MissingMetadata if _names_metadata(response.status, code, text) else PermanentError
    return kind(message, answer)


def _names_metadata(status: int, code: str, text: str) -> bool:
    return status in (400, 404) and (code in _METADATA_CODES or bool(_METADATA.search(text)))


def _code_and_text(content: bytes) -> tuple[str, str]:
    try:
        error = json.loads(content)["error"]
        return _hexadecimal(str(error.get("code") or "")), str(error.get("message") or "")[:500]
    except (ValueError, RecursionError, LookupError, TypeError, AttributeError):
        return "", ""


def _hexadecimal(code: str) -> str:
    if re.fullmatch(r"-?\d+", code):
        return f"0x{int(code) & 0xFFFFFFFF:08x}"
    return code.lower()


def _seconds(text: str | None) -> float | None:
    try:
        seconds = float(text or "")
    except ValueError:
        return None
    return max(seconds, 0.0) if math.isfinite(seconds) else None


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")
