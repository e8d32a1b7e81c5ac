"""The rules for names of customizations: prefix, logical form, plural, new ids."""

import re
from uuid import uuid4

from emulator.errors import invalid_argument

SCHEMA_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]{1,7}_[A-Za-z0-9_]+")
SIBILANTS = ("s", "x", "z", "ch", "sh")


def logical_name(schema_name: str) -> str:
    """`gs_Score` -> `gs_score`; 400 without a publisher's prefix."""
    if not SCHEMA_NAME.fullmatch(schema_name):
        raise invalid_argument(
            f"The name {schema_name} is not valid: it must start with a customization prefix."
        )
    return schema_name.lower()


def plural(name: str) -> str:
    """The entity set name of a new table: `gs_history` -> `gs_histories`."""
    if name.endswith("y") and name[-2:-1] not in tuple("aeiou"):
        return f"{name[:-1]}ies"
    return f"{name}es" if name.endswith(SIBILANTS) else f"{name}s"


def new_id() -> str:
    """A fresh metadata id."""
    return str(uuid4())
