"""Users with different roles, and how a test sends requests as one of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import requests

from tests.emulator.serving import OrgServer

GRADER = "a0000000-0000-4000-8000-000000000001"
READER = "a0000000-0000-4000-8000-000000000002"
NOBODY = "a0000000-0000-4000-8000-000000000003"
ADMIN = "a0000000-0000-4000-8000-000000000004"
STRANGER = "a0000000-0000-4000-8000-00000000000f"
GRADER_USER = "b0000000-0000-4000-8000-000000000001"
ACCOUNT, INVOICE = "ac000000-0000-4000-8000-000000000001", "1c000000-0000-4000-8000-000000000001"
DOCUMENT = {
    "roles": {
        "Grader": {"tables": {"account": ["read", "write"], "invoice": ["read"]}},
        "Linker": {"tables": {"invoice": ["create", "append"]}},
        "Reader": {"tables": {"*": ["read"]}, "privileges": ["prvPublishCustomization"]},
    },
    "users": [
        {
            "applicationid": GRADER,
            "systemuserid": GRADER_USER,
            "name": "grader",
            "roles": ["Grader", "Linker"],
        },
        {"applicationid": READER, "roles": ["Reader"]},
        {"applicationid": NOBODY},
        {"applicationid": ADMIN, "roles": ["System Administrator"]},
    ],
}


@dataclass
class Client:
    """One application's requests to a server."""

    server: OrgServer
    application: str

    def send(self, request_line: str, body: Any = None) -> requests.Response:
        """E.g. ``send("GET accounts")``."""
        method, _, path = request_line.partition(" ")
        token = {"Authorization": f"Bearer {self.application}"}
        address = self.server.api + path
        return requests.request(method, address, json=body, headers=token, timeout=30)


AsUser = Callable[[str], Client]
