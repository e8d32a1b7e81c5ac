"""What became of a change, told from Dataverse's answer to it."""

from __future__ import annotations

from gradesys.changes import Change, Fate, Outcome
from gradesys.dataverse.answers import NO_ACCESS_TO_ROW, is_closed, is_gone
from gradesys.errors import (
    DataverseError,
    GradesysError,
    MissingMetadata,
    MissingPrivilege,
    TemporaryError,
)


def outcome(change: Change, error: GradesysError | None) -> Outcome:
    """The fate of ``change``; None: it was written. Raises ``error`` where it is not about this one
    row: a missing column, table or privilege, or a refused sign-in."""
    if error is None:
        return Outcome(change, Fate.WRITTEN)
    if not isinstance(error, DataverseError):
        raise error
    return Outcome(change, _fate(error), _reason(error))


def raise_if_general(error: DataverseError) -> None:
    """Raises ``error`` when it would meet every row of the table alike."""
    if isinstance(error, MissingMetadata):
        raise error
    if isinstance(error, MissingPrivilege) and error.answer.code != NO_ACCESS_TO_ROW:
        raise error


def _fate(error: DataverseError) -> Fate:
    if isinstance(error, TemporaryError):
        return Fate.FAILED
    if is_gone(error):
        return Fate.GONE
    if is_closed(error):
        return Fate.CLOSED
    raise_if_general(error)
    return Fate.REFUSED


def _reason(error: DataverseError) -> str:
    # Code and request id only: Dataverse's own words may quote the row.
    answer = error.answer
    parts = (str(answer.status or ""), answer.code, answer.request_id)
    return " ".join(part for part in parts if part) or "no answer"
