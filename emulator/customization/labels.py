"""Labels in several languages, as metadata requests send them.

The base language is required; a language that the organisation has not provisioned is refused.
"""

from typing import Any

import msgspec

from emulator.definitions import Labels
from emulator.errors import ApiError, invalid_argument

BASE_LANGUAGE = 1033
PROVISIONED = (BASE_LANGUAGE, 1065)


class LocalizedLabel(
    msgspec.Struct, frozen=True, kw_only=True, rename="pascal", forbid_unknown_fields=True
):
    """One text; the members of a label that was read before are allowed and ignored."""

    label: str
    language_code: int
    odata_type: str | None = msgspec.field(default=None, name="@odata.type")
    is_managed: bool | None = None
    metadata_id: str | None = None
    has_changed: bool | None = None


class LabelBody(
    msgspec.Struct, frozen=True, kw_only=True, rename="pascal", forbid_unknown_fields=True
):
    """A label with its translations."""

    localized_labels: list[LocalizedLabel] = []
    odata_type: str | None = msgspec.field(default=None, name="@odata.type")
    user_localized_label: Any = None


def labels_of(body: LabelBody | None) -> Labels:
    """Texts by language; 400 `0x80044195` for a language that is not provisioned."""
    texts = {item.language_code: item.label for item in body.localized_labels} if body else {}
    for language in texts:
        if language not in PROVISIONED:
            message = f"The language code {language} is not a valid language for this organization."
            raise ApiError(400, "0x80044195", message)
    return texts


def required_labels(body: LabelBody | None, what: str) -> Labels:
    """Like `labels_of`, and 400 when the base language has no text."""
    texts = labels_of(body)
    require_label(texts, what)
    return texts


def require_label(labels: Labels, what: str) -> None:
    """400 when the base language has no text."""
    if not labels.get(BASE_LANGUAGE):
        raise invalid_argument(f"A label in the base language {BASE_LANGUAGE} is required: {what}.")


def merged(stored: Labels, sent: Labels, merge: bool) -> Labels:
    """What is kept: without merging, languages that were not sent are dropped."""
    return stored | sent if merge else sent
