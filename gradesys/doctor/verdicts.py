"""What a check says, and which of our errors become which verdict."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from gradesys.errors import (
    DataverseError,
    GradesysError,
    MissingMetadata,
    MissingPrivilege,
    PermanentError,
    SettingsError,
    StoreError,
)


class Status(StrEnum):
    """A warning is worth knowing, a problem keeps scores from being right."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


class Cause(StrEnum):
    """Where a problem lies; the command's exit code follows from it."""

    FINDING = "finding"
    CONFIGURATION = "configuration"
    UNREACHABLE = "unreachable"


class Verdict(Struct, frozen=True):
    """One check's answer: ``text`` is what was seen, ``hint`` what to do about it."""

    status: Status
    text: str
    hint: str = ""
    cause: Cause = Cause.FINDING


class Finding(Struct, frozen=True):
    """A verdict and the name of its check."""

    check: str
    verdict: Verdict

    @property
    def bad(self) -> bool:
        """Whether it is a problem."""
        return self.verdict.status is Status.PROBLEM


def ok(text: str) -> Verdict:
    """All is well."""
    return Verdict(Status.OK, text)


def warning(text: str, hint: str) -> Verdict:
    """It works, or it cannot be told whether it does."""
    return Verdict(Status.WARNING, text, hint)


def problem(text: str, hint: str, cause: Cause = Cause.FINDING) -> Verdict:
    """It does not work."""
    return Verdict(Status.PROBLEM, text, hint, cause)


ERRORS: tuple[tuple[type[GradesysError], Cause, str], ...] = (
    (SettingsError, Cause.CONFIGURATION, "set what the message names, then ask again"),
    (
        StoreError,
        Cause.CONFIGURATION,
        "GRADESYS_WORK must name a file that this user may create and write, on a local disk;"
        " GRADESYS_STORAGE an account whose tables and queues this identity may write",
    ),
    (
        MissingPrivilege,
        Cause.CONFIGURATION,
        "give the application user a security role with the privilege that the message names",
    ),
    (MissingMetadata, Cause.CONFIGURATION, "compare the name with the organisation's own"),
    (PermanentError, Cause.FINDING, "ask Microsoft's support with the code above"),
    (
        DataverseError,
        Cause.UNREACHABLE,
        "look at the address, the network and the service's health, then ask again",
    ),
    (GradesysError, Cause.FINDING, "put right what the message names"),
)


def verdict_of(error: GradesysError) -> Verdict:
    """The problem that an error stands for."""
    cause, hint = next((cause, hint) for kind, cause, hint in ERRORS if isinstance(error, kind))
    return problem(str(error), hint, cause)
