"""Request headers with a meaning: preferences, conditions, and those that are refused."""

import re

from msgspec import Struct

from emulator.errors import Unsupported, invalid_argument
from emulator.query.annotations import NOTHING, Wanted, parse_wanted
from emulator.query.pages import PAGE
from emulator.webapi.calls import Headers

_PREFERENCE = re.compile(r'\s*([\w.-]+)\s*(?:=\s*("[^"]*"|[^,;]*))?\s*(?:[,;]|$)')
# What would have no effect here is accepted: there are no plug-ins, flows and duplicate rules.
_MSCRM = frozenset(
    {
        "mscrm.bypassbusinesslogicexecution",
        "mscrm.bypassbusinesslogicexecutionstepids",
        "mscrm.bypasscustompluginexecution",
        "mscrm.mergelabels",
        "mscrm.solutionuniquename",
        "mscrm.suppresscallbackregistrationexpanderjob",
        "mscrm.suppressduplicatedetection",
    }
)
_MINIMAL = "odata.metadata=minimal"
_IMPERSONATION = ("callerobjectid", "mscrmcallerid")


class Preferences(Struct, frozen=True):
    """A ``Prefer`` header; ``applied`` is the text to echo in ``Preference-Applied``."""

    representation: bool = False
    page_size: int | None = None
    wanted: Wanted = NOTHING
    continue_on_error: bool = False
    tracking: bool = False
    applied: str = ""

    def echo(self) -> dict[str, str]:
        return {"Preference-Applied": self.applied} if self.applied else {}


def read_preferences(headers: Headers) -> Preferences:
    """The preferences of a request; 501 for one that is not known."""
    text = headers.get("prefer", "").strip()
    found = {match[1].lower(): match[2] or "" for match in _PREFERENCE.finditer(text) if match[1]}
    for name, value in found.items():
        if name not in _PREFERENCES or (name == "return" and value not in _RETURNS):
            raise Unsupported(f"the preference {name}={value}" if value else f"Prefer: {name}")
    return Preferences(
        representation=found.get("return") == "representation",
        page_size=_page_size(found.get("odata.maxpagesize")),
        wanted=parse_wanted(found.get("odata.include-annotations", "")),
        continue_on_error=found.get("odata.continue-on-error", "false") in ("", "true"),
        tracking=_TRACKING in found,
        applied=",".join(
            f"{name}={value}" if value else name
            for name, value in found.items()
            if name in _ECHOED and (value or name == _TRACKING)
        ),
    )


_RETURNS = ("representation", "minimal")
_TRACKING = "odata.track-changes"
_ECHOED = ("return", "odata.maxpagesize", "odata.include-annotations", _TRACKING)
_PREFERENCES = frozenset({*_ECHOED, "odata.continue-on-error"})


def _page_size(text: str | None) -> int | None:
    if text is None:
        return None
    if not text.isdecimal() or int(text) == 0:
        raise invalid_argument(f"Invalid value '{text}' for odata.maxpagesize.")
    return min(int(text), PAGE)


def check_headers(headers: Headers) -> None:
    """501 for preferences, ``MSCRM.*`` and similar headers that are not implemented."""
    read_preferences(headers)
    for name, value in headers.items():
        if name.startswith("mscrm.") and name not in _MSCRM:
            raise Unsupported(f"the header {name}: {value}")
        if name in _IMPERSONATION:
            raise Unsupported(f"impersonation ({name})")
    if "odata.metadata=" in (accept := headers.get("accept", "")) and _MINIMAL not in accept:
        raise Unsupported(f"Accept: {accept}")
    if headers.get("consistency", "Strong") != "Strong":
        raise Unsupported(f"Consistency: {headers['consistency']}")


def condition(headers: Headers, name: str) -> str | None:
    """``If-Match`` or ``If-None-Match``; the documented filler ``null`` means absent."""
    value = headers.get(name)
    return None if value in (None, "", "null") else value
