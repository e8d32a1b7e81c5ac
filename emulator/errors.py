"""Refusals in the words of Dataverse, and the one refusal that is ours: not implemented.

Everything the emulator does not know goes through ``Unsupported``, so that it can be counted.
"""

from collections.abc import Mapping
from typing import Any


class ApiError(Exception):
    """An answer other than success: HTTP status, Dataverse code (``0x80040217``) and message."""

    def __init__(
        self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = dict(headers or {})

    def body(self) -> dict[str, Any]:
        """The JSON body of the answer (dataverse.md 3.14)."""
        return {"error": {"code": self.code, "message": self.message}}


class Unsupported(ApiError):
    """501: something Dataverse may know and this emulator does not."""

    def __init__(self, what: str) -> None:
        super().__init__(501, "0x80040800", f"The emulator does not implement {what}.")
        self.what = what


def missing_row(table: str, row_id: str) -> ApiError:
    return ApiError(404, "0x80040217", f"{table} With Id = {row_id} Does Not Exist")


def missing_segment(segment: str) -> ApiError:
    return ApiError(404, "0x8006088a", f"Resource not found for the segment '{segment}'.")


def missing_property(name: str, table: str) -> ApiError:
    """A query option names a property the table does not have."""
    message = f"Could not find a property named '{name}' on type 'Microsoft.Dynamics.CRM.{table}'."
    return ApiError(400, "0x80060888", message)


def bad_payload(table: str, why: str) -> ApiError:
    message = (
        f"Error identified in Payload provided by the user for Entity :'{table}', "
        f"For more information on this error please follow this help link "
        f"https://go.microsoft.com/fwlink/?linkid=2195293  ---->  InnerException : {why}"
    )
    return ApiError(400, "0x80048d19", message)


def bad_query(why: str) -> ApiError:
    return ApiError(400, "0x80060888", why)


def invalid_argument(why: str) -> ApiError:
    return ApiError(400, "0x80040203", why)


def version_mismatch() -> ApiError:
    message = "The version of the existing record doesn't match the RowVersion property provided."
    return ApiError(412, "0x80060882", message)
