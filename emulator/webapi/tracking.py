"""Change tracking: ``Prefer: odata.track-changes``, delta links and what they lead to."""

from urllib.parse import quote as percent_encoded

from emulator.definitions import Table
from emulator.errors import ApiError, Unsupported, bad_query
from emulator.query.changed import Asked, Part, changed_part, count_changes, first_part
from emulator.query.cookies import read_cookie, write_cookie
from emulator.query.deltas import Delta, read_delta, write_delta
from emulator.query.options import APPLY, FETCH, SQL, Options, parse_query
from emulator.query.pages import PAGE
from emulator.webapi.calls import Answer, Call
from emulator.webapi.context import context_of, reader_of
from emulator.webapi.headers import read_preferences

_TOKEN, _SKIP = "$deltatoken", "$skiptoken"
_DEFAULT_DAYS = 7
_TRACKED = 'istracking="True"'


def tracks_changes(call: Call) -> bool:
    """Whether a request for many rows begins or continues change tracking."""
    if read_preferences(call.headers).tracking:
        return True
    if not any(word in call.query for word in ("deltatoken", "istracking")):
        return False
    given = dict(parse_query(call.query, frozenset({_TOKEN, APPLY, FETCH, SQL})).pairs)
    return _TOKEN in given or _TRACKED in given.get(_SKIP, "")


def read_changes(call: Call, table: Table) -> Answer:
    """GET an entity set with the preference, or by a link of such an answer."""
    options, preferences = _checked(call, table), read_preferences(call.headers)
    since = _since(call, options)
    number, place = read_cookie(options.skiptoken) if options.skiptoken else (1, [])
    asked = Asked(table, options, preferences.page_size or PAGE)
    with call.org.reading() as connection:
        reader = reader_of(call, connection, preferences.wanted)
        if since is None:
            part = first_part(reader, asked, place)
        else:
            part = changed_part(reader, asked, place or [since.version])
    context = context_of(call, table, options) + ("" if since is None else "/$delta")
    body = {"@odata.context": context, **_link(call, part, number + 1), "value": part.rows}
    return Answer(200, body, preferences.echo())


def count_since(call: Call, table: Table) -> Answer:
    """GET ``<set>/$count?$deltatoken=...``: how many changes there are."""
    options = _checked(call, table)
    since = _since(call, options)
    if since is None:
        raise bad_query("A count of changes needs a $deltatoken.")
    with call.org.reading() as connection:
        reader = reader_of(call, connection, read_preferences(call.headers).wanted)
        number = count_changes(reader, table, since.version)
    return Answer(200, str(number).encode(), {"Content-Type": "text/plain"})


def _parsed(call: Call) -> Options:
    return parse_query(call.query, frozenset({_TOKEN}))


def _checked(call: Call, table: Table) -> Options:
    """The options; 400 for those that tracking does not allow, and for a table without it."""
    options = _parsed(call)
    given = dict(options.pairs)
    for name in ("$filter", "$orderby", "$expand", "$top"):
        if name in given:
            message = (
                f'The "{name}" query parameter isn\'t supported when Change Tracking is enabled.'
            )
            raise bad_query(message)
    if unknown := given.keys() - {"$select", _TOKEN, _SKIP, "tag"}:
        raise Unsupported(f"{min(unknown)} with change tracking")
    if not table.change_tracking:
        message = f"Change tracking is not enabled for the entity '{table.name}'."
        raise ApiError(400, "0x80072491", message)
    return options


def _since(call: Call, options: Options) -> Delta | None:
    token = dict(options.pairs).get(_TOKEN)
    if token is None:
        return None
    days = call.org.rows("organization")[0]["expirechangetrackingindays"]
    return read_delta(token, call.org.clock(), _DEFAULT_DAYS if days is None else days)


def _link(call: Call, part: Part, number: int) -> dict[str, str]:
    """The next page, or the delta link at the end of a reading."""
    if part.place is None:
        token = write_delta(Delta(part.version, call.org.clock()))
        address = _address(call, (_TOKEN, _SKIP), f"{_TOKEN}={percent_encoded(token, safe='')}")
        return {"@odata.deltaLink": address}
    cookie = write_cookie(number, part.place, tracking=True)
    address = _address(call, (_SKIP,), f"{_SKIP}={percent_encoded(cookie, safe='=/')}")
    return {"@odata.nextLink": address}


def _address(call: Call, dropped: tuple[str, ...], option: str) -> str:
    left = tuple(form for name in dropped for form in (f"{name}=", f"%24{name[1:]}="))
    kept = [part for part in call.query.split("&") if part and not part.startswith(left)]
    return f"{call.root}{call.path}?{'&'.join([*kept, option])}"
