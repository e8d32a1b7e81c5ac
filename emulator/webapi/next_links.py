"""The address of the next page: the request's own with another ``$skiptoken``."""

from urllib.parse import quote as percent_encoded

from emulator.webapi.calls import Call


def next_link(call: Call, cookie: str) -> str:
    """The absolute address; the query is kept as it was sent."""
    kept = [part for part in call.query.split("&") if part and not _is_skiptoken(part)]
    query = "&".join([*kept, f"$skiptoken={percent_encoded(cookie, safe='=/')}"])
    return f"{call.root}{call.path}?{query}"


def _is_skiptoken(part: str) -> bool:
    return part.startswith(("$skiptoken=", "%24skiptoken="))
