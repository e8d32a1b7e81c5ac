"""The few errors of the product: every other layer raises one of these, callers decide by type.

Dataverse's own code and request id stay on the error: they are what support asks for.
"""

from __future__ import annotations

from msgspec import Struct


class GradesysError(Exception):
    """Anything that gradesys says in its own words; the text is for people."""


class Problem(Struct, frozen=True):
    """One complaint about a document: where (key path, and file position when known) and what."""

    path: tuple[str | int, ...]
    message: str
    place: str = ""

    def __str__(self) -> str:
        where = ".".join(str(step) for step in self.path)
        return ": ".join(text for text in (self.place, where, self.message) if text)


class RuleError(GradesysError):
    """A rule or case document is wrong. Carries every problem found, not only the first."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class RecordError(GradesysError):
    """One record cannot be scored by one model (mismatched kinds, unresolvable lookup)."""


class SettingsError(GradesysError):
    """The environment is incomplete or contradictory, or sign-in was refused."""


class SignInRefused(SettingsError):
    """Nobody lets us in; ``retry_after`` is when it is worth asking again, in seconds."""

    def __init__(self, message: str, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class StoreError(GradesysError):
    """Marks or ledger cannot be read or written at the moment."""


class Answer(Struct, frozen=True):
    """What Dataverse said about a refused request; empty members are unknown."""

    status: int = 0
    code: str = ""
    request_id: str = ""


class DataverseError(GradesysError):
    """Dataverse refused a request; ``answer`` holds status, code and request id."""

    def __init__(self, message: str, answer: Answer | None = None) -> None:
        super().__init__(message)
        self.answer = answer or Answer()


class TemporaryError(DataverseError):
    """Worth another try, after ``retry_after`` seconds when the server said so."""

    def __init__(
        self, message: str, answer: Answer | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(message, answer)
        self.retry_after = retry_after


class Unsettled(TemporaryError):
    """Some records of several failed for now or would not hold still; the others are at rest."""


class PermanentError(DataverseError):
    """Trying again with the same request cannot help."""


class MissingPrivilege(PermanentError):
    """403: the application user may not do this; the message names the privilege or table."""


class MissingMetadata(PermanentError):
    """A table or column that a rule names is not there."""


class TokenExpired(PermanentError):
    """A delta token is older than the organisation keeps changes: read the table from the start."""


class NotTracked(PermanentError):
    """Change tracking is off for a table: turn it on in the table's properties."""
