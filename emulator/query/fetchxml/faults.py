"""Refusals of a FetchXML query in the words of Dataverse (dataverse.md 3.14)."""

from emulator.errors import ApiError


def bad_fetch(why: str) -> ApiError:
    return ApiError(400, "0x80040201", f"Invalid XML. {why}")


def missing_entity(name: str) -> ApiError:
    message = f"The entity with a name = '{name}' with namemapping = 'Logical' was not found."
    return ApiError(400, "0x80041102", message)


def missing_attribute(name: str, table: str) -> ApiError:
    message = (
        f"'{table}' entity doesn't contain attribute with Name = '{name}' and "
        "NameMappingType = 'Logical'."
    )
    return ApiError(400, "0x80041103", message)


def bad_link(alias: str) -> ApiError:
    return ApiError(400, "0x80041139", f"Link entity with name or alias {alias} is not found.")


def too_many_links() -> ApiError:
    message = "Number of link entities in query exceeded maximum limit."
    return ApiError(400, "0x8004430d", message)
