"""The optional parameters of a request: ``?tag=`` and the ``MSCRM.Bypass...`` headers."""

from urllib.parse import parse_qs

from emulator.errors import Unsupported, invalid_argument
from emulator.optional import Optional
from emulator.users_caller import require_privilege
from emulator.webapi.calls import Call

LOGIC = "mscrm.bypassbusinesslogicexecution"
STEPS = "mscrm.bypassbusinesslogicexecutionstepids"
PLUG_INS = "mscrm.bypasscustompluginexecution"
MOST_STEPS = 3
_KINDS = frozenset({"CustomSync", "CustomAsync"})


def read_optional(call: Call) -> Optional:
    """The parameters; 403 without the privilege to bypass, 400 for more steps than allowed."""
    kinds, steps = (_listed(call, name) for name in (LOGIC, STEPS))
    if unknown := set(kinds) - _KINDS:
        raise Unsupported(f"the header {LOGIC}: {min(unknown)}")
    if len(steps) > MOST_STEPS:
        raise invalid_argument(f"No more than {MOST_STEPS} steps can be bypassed.")
    if kinds or steps:
        require_privilege("prvBypassCustomBusinessLogic")
    # It bypasses synchronous plug-ins only, and here are none.
    if call.headers.get(PLUG_INS, "").lower() == "true":
        require_privilege("prvBypassCustomPlugins")
    tag = next(iter(parse_qs(call.query).get("tag", [])), None)
    return Optional(tag, "CustomAsync" in kinds, frozenset(step.lower() for step in steps))


def _listed(call: Call, name: str) -> list[str]:
    return [part.strip() for part in call.headers.get(name, "").split(",") if part.strip()]
