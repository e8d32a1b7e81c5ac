"""How a delivery ended, in the platform's error codes."""

from msgspec import Struct

from emulator.webhooks.request import HTTP_HEADER, BadAuthentication

TIMEOUT_SECONDS = 60
RETRIED = frozenset({502, 503, 504})
BAD_STATUS, TIMED_OUT, BAD_HEADERS, BAD_QUERY, POST_FAILED, DISABLED = range(
    0x80050201 - 2**32, 0x80050207 - 2**32
)


class Outcome(Struct, frozen=True):
    """How an attempt ended; `error` is a signed 32-bit Dataverse code, 0 for success."""

    error: int = 0
    message: str = ""
    again: bool = False


SUCCESS = Outcome()


def unusable(mistake: BadAuthentication) -> Outcome:
    """The outcome of a delivery that could not even be addressed."""
    code = BAD_HEADERS if mistake.auth_type == HTTP_HEADER else BAD_QUERY
    return Outcome(code, str(mistake))
