"""Does the running service accept a key? Asked of the service itself, before Dataverse sends it."""

from __future__ import annotations

import requests

from gradesys.deploy.names import HEADER
from gradesys.errors import SettingsError, TemporaryError
from gradesys.settings import keeps_secrets

TIMEOUT_S = 30.0
_COMPLAINT = 400
"""To an empty body, and only after the key was accepted."""


def require_accepted(url: str, key: str) -> None:
    """Knock with the key and an empty body. Raises SettingsError when the key is refused or must
    not be sent to ``url``, and TemporaryError when nobody answers."""
    if not keeps_secrets(url):
        raise SettingsError(f"a key is sent by https only, not to {url}")
    try:
        with requests.Session() as session:
            answer = session.post(
                url, b"{}", headers={HEADER: key}, timeout=TIMEOUT_S, allow_redirects=False
            )
    except requests.RequestException as error:
        raise TemporaryError(f"{url} did not answer: {type(error).__name__}") from error
    if answer.status_code != _COMPLAINT:
        raise SettingsError(
            f"{url} answered {answer.status_code} to the new key, so nothing was changed in"
            " Dataverse: is that service of this version, and does it keep its marks where"
            " GRADESYS_WORK or GRADESYS_STORAGE of these settings says?"
        )
