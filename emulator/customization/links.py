"""Many-to-many relationships by address."""

from emulator.definitions import Definitions, ManyToMany


def find_link(definitions: Definitions, key: str) -> ManyToMany | None:
    """By schema name or metadata id."""
    wanted = key.rpartition("=")[2].strip("'")
    for link in definitions.many_to_many.values():
        if wanted == link.name or wanted.lower() == link.id:
            return link
    return None
