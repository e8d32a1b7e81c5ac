"""Texts in the product's two languages as the labels that an organisation can hold.

A label may only name provisioned languages and must have the base language (dataverse.md 5.2).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

ENGLISH, PERSIAN = 1033, 1065
_NAMESPACE = "Microsoft.Dynamics.CRM."


class Text(Struct, frozen=True):
    """The same words in English and Persian."""

    en: str
    fa: str


class Languages(Struct, frozen=True):
    """Language codes of an organisation; ``base`` is the one that every label must have."""

    base: int
    provisioned: tuple[int, ...]


def translations(text: Text, languages: Languages) -> dict[int, str]:
    """Texts by language code, base language first; a third base language shows the English."""
    base = text.fa if languages.base == PERSIAN else text.en
    known = {ENGLISH: text.en, PERSIAN: text.fa}
    others = {code: known[code] for code in known if code in languages.provisioned}
    return {languages.base: base} | others


def label(texts: Mapping[int, str]) -> dict[str, Any]:
    """A ``Label`` of the Web API."""
    localized = [
        {"@odata.type": f"{_NAMESPACE}LocalizedLabel", "Label": text, "LanguageCode": code}
        for code, text in texts.items()
    ]
    return {"@odata.type": f"{_NAMESPACE}Label", "LocalizedLabels": localized}


def label_texts(stored: Mapping[str, Any] | None) -> dict[int, str]:
    """The texts of a ``Label`` that was read, by language code."""
    entries: Iterable[Mapping[str, Any]] = (stored or {}).get("LocalizedLabels") or ()
    return {int(entry["LanguageCode"]): str(entry["Label"]) for entry in entries}
