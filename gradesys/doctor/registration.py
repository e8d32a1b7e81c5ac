"""What the organisation must tell us, and how its users reach us: steps, button, solution."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from gradesys.deploy.actions import Action
from gradesys.deploy.drift import EVENTS_MATTER
from gradesys.deploy.names import HISTORY_TABLE, RUN_TABLE
from gradesys.doctor.differences import ONLY_OBSTACLES, judge
from gradesys.doctor.site import Site
from gradesys.doctor.verdicts import Verdict, ok, problem, warning
from gradesys.errors import MissingPrivilege

STEPS = ("service endpoint ", "step ", "image ")
BUTTON = (f"table {RUN_TABLE}", f"column {RUN_TABLE}.", "Custom API ", "parameter ")
ROLE = ("role ", "privileges of role ")
SHOWN = ("web resource ", "command ", "environment variable ", "value of ", "view ", "chart ",
         f"table {HISTORY_TABLE}", f"column {HISTORY_TABLE}.")  # fmt: skip
SOLUTION = ("publisher ", "solution ", "publishing ")


def check_steps(site: Site) -> Verdict:
    """Whether every change that the rules need to know of is reported to us, with our key."""

    def look() -> Verdict:
        if site.address is None:
            hint = "run: gradesys deploy apply --base-url URL, the address of the service"
            return problem("no service endpoint of ours is registered: no event comes", hint)
        if site.key is None and site.successor:
            hint = "put that key first in GRADESYS_WEBHOOK_KEYS, see: gradesys rotate-key status"
            return warning("events carry the newer key of a rotation, accepted but not set", hint)
        if site.key is None:
            hint = "run: gradesys deploy apply; it registers the first of GRADESYS_WEBHOOK_KEYS"
            return problem("events carry none of our webhook keys: each is refused", hint)
        count = len(site.needed.manifest.steps)
        fine = f"{count} steps post to {site.address}"
        verdict = judge(_of(site, STEPS), EVENTS_MATTER, fine)
        return _rotating(fine) if verdict == ok(fine) and not _is_first(site) else verdict

    return _as_installer(look)


def _is_first(site: Site) -> bool:
    return site.key == site.settings.webhook_keys[0]


def _rotating(fine: str) -> Verdict:
    hint = "run: gradesys deploy apply, then drop the old key"
    return warning(f"{fine}, with a key that is not the first of the list", hint)


def check_button(site: Site) -> Verdict:
    """The Custom API and the table of runs behind the button."""
    return _as_installer(
        lambda: judge(_of(site, BUTTON), EVENTS_MATTER, "its Custom API and table are there")
    )


def check_shown(site: Site) -> Verdict:
    """Scripts, buttons, views and charts: scores are right without them."""
    return _as_installer(
        lambda: judge(_of(site, SHOWN), ONLY_OBSTACLES, "scripts and buttons are there")
    )


def check_role(site: Site) -> Verdict:
    """The role with just what the rules need, and whether the application user has it."""
    return _as_installer(lambda: judge(_of(site, ROLE), ONLY_OBSTACLES, "it is there and given"))


def check_solution(site: Site) -> Verdict:
    """The solution that holds what deploy made, and whether it was published."""
    return _as_installer(
        lambda: judge(_of(site, SOLUTION), ONLY_OBSTACLES, "it is there and published")
    )


def _of(site: Site, group: tuple[str, ...]) -> Sequence[Action]:
    return [action for action in site.actions if action.what.startswith(group)]


def _as_installer(look: Callable[[], Verdict]) -> Verdict:
    """The service itself needs no leave to read registrations; then nothing is known."""
    try:
        return look()
    except MissingPrivilege as error:
        hint = "sign in as whoever runs gradesys deploy, and ask again"
        return warning(f"not checked, this user may not look: {error}", hint)
