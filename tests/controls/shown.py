"""The committed control in a page of a browser, as the record's form would hold it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from playwright.sync_api import Page

from solution.controls.release import BUILT

HERE = Path(__file__).parent
UMD = BUILT.parent / "node_modules"
SCRIPTS = (
    UMD / "react" / "umd" / "react.production.min.js",
    UMD / "react-dom" / "umd" / "react-dom.production.min.js",
    HERE / "host.js",
    BUILT / "bundle.js",
)
GRADES = [
    {"Value": 921500000, "Label": "Excellent", "Color": "#107C10"},
    {"Value": 921500001, "Label": "خوب / Good", "Color": "#FFD335"},
]


@dataclass(frozen=True, slots=True)
class User:
    """Who looks at the card."""

    language: int
    rtl: bool


ENGLISH, PERSIAN = User(1033, rtl=False), User(1065, rtl=True)


def texts(language: int) -> dict[str, str]:
    """The control's texts in a language."""
    root = ElementTree.parse(BUILT / "strings" / f"GradeCard.{language}.resx").getroot()
    return {each.attrib["name"]: each.findtext("value") or "" for each in root.iter("data")}


def show(page: Page, user: User, width: int, **columns: Any) -> None:
    """The card of these columns, ``width`` pixels wide."""
    page.set_content(
        f'<!doctype html><html><body><div id="host" style="width:{width}px"></div></body></html>'
    )
    for script in SCRIPTS:
        page.add_script_tag(path=script)
    given = {
        "parameters": columns,
        "languageId": user.language,
        "isRTL": user.rtl,
        "offset": 210,
        "texts": texts(user.language),
    }
    page.evaluate("given => show(given)", given)
