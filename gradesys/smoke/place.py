"""Where we are: a production organisation is asked only by somebody who says so."""

from __future__ import annotations

from gradesys.dataverse.client import Client
from gradesys.errors import PermanentError, SettingsError

ASK = "RetrieveCurrentOrganization(AccessType=Microsoft.Dynamics.CRM.EndpointAccessType'Default')"
FOR_TRYING = frozenset(
    {"CustomerTest", "CustomerFreeTest", "CustomerPreview", "Developer", "TestDrive", "EmailTrial"}
    | {"Trial"}
)
"""Sandboxes, developer environments and trials; anything else may be production."""


def kind_of(client: Client) -> str:
    """The type that the organisation tells; empty where it does not."""
    try:
        detail = client.request("GET", ASK).json().get("Detail") or {}
    except PermanentError:
        return ""
    return str(detail.get("OrganizationType") or "")


def require_leave(client: Client, leave: bool) -> None:
    """Raises SettingsError where this may be production and nobody said yes."""
    kind = kind_of(client)
    if not leave and kind not in FOR_TRYING:
        told = f"it says that it is of type {kind}" if kind else "it does not say what it is"
        raise SettingsError(
            f"this may be a production organisation: {told}. smoke makes and deletes rows and"
            " webhook steps of its own; take a sandbox, or repeat with --yes"
        )
