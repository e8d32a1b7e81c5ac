"""The emulator as its command line starts it for strangers: over TLS, and with a token or not in.

Every module has an organisation of its own, and none may ask for what is not implemented.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from azure.identity import ClientSecretCredential
from PowerPlatform.Dataverse.client import DataverseClient

from tests.emulator.limits.conftest import certificates
from tests.emulator.serving import Certificates

__all__ = ["certificates"]

ROOT = Path(__file__).parents[2]
TENANT = "c0000000-0000-4000-8000-000000000001"
APPLICATION = "a0000000-0000-4000-8000-000000000001"
NOW = "2026-03-01T08:30:00Z"
SECRET = "a secret of the tests"


@dataclass(frozen=True, slots=True)
class Organisation:
    """``url`` is the root, ``authority`` the file of the one who signed its certificate."""

    url: str
    authority: Path
    credential: ClientSecretCredential

    def token(self) -> str:
        """An access token, by Microsoft's own sign-in against the emulator's authority."""
        return self.credential.get_token(f"{self.url}/.default").token

    def statistics(self) -> dict[str, Any]:
        """What the emulator counted."""
        found: dict[str, Any] = requests.get(f"{self.url}/_emulator/stats", timeout=30).json()
        return found

    def kinds(self) -> set[str]:
        """The kinds of operations that were asked for."""
        return set(self.statistics()["by_kind"])


@pytest.fixture(scope="module")
def organisation(certificates: Certificates) -> Iterator[Organisation]:
    tls = [str(certificates.server), str(certificates.key)]
    options = ["--port", "0", "--now", NOW, "--require-token", "--tls", *tls]
    command = [sys.executable, "-m", "emulator", *options]
    with (
        pytest.MonkeyPatch.context() as patch,
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process,
    ):
        try:
            patch.setenv("REQUESTS_CA_BUNDLE", str(certificates.authority))
            assert process.stdout is not None
            ready, _, url = process.stdout.readline().strip().rpartition(" ")
            assert ready == "emulator ready on"
            with _credential(url) as credential:
                found = Organisation(url, certificates.authority, credential)
                yield found
                assert found.statistics()["unsupported"] == 0, "it asked for what answers 501"
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def sdk(organisation: Organisation) -> Iterator[DataverseClient]:
    with DataverseClient(organisation.url, organisation.credential) as sdk:
        yield sdk


def _credential(url: str) -> ClientSecretCredential:
    return ClientSecretCredential(
        TENANT, APPLICATION, SECRET, authority=url, disable_instance_discovery=True
    )
