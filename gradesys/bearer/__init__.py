"""Who else may call us: programs with an access token of Entra ID that carries our app role.

The public keys are found by discovery at the configured authority, never at an address that a
token names. Dataverse itself sends no token; its webhooks carry a key (``gradesys.keyring``).
"""

from gradesys.bearer.doorman import ROLE, BadToken, Doorman, MissingRole, open_doorman

__all__ = ["ROLE", "BadToken", "Doorman", "MissingRole", "open_doorman"]
