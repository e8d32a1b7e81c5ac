"""``gradesys demo``: the whole line on this machine, to play with or to check."""

from __future__ import annotations

import signal
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from gradesys.errors import GradesysError

if TYPE_CHECKING:
    from gradesys.demo.stage import Stage
    from gradesys.rules.model import RuleModel

WATCH_S = 0.5
INVITATION = """
  Open  {url}/
  Open a record, change a row behind its score (pay an invoice) or add one, and watch the grade
  follow. Ctrl-C ends everything.

  نشانی بالا را در مرورگر باز کنید، در فرم یک رکورد ردیفی را تغییر دهید (مثلاً فاکتوری را
  «پرداخت‌شده» کنید) یا بیفزایید و تغییر درجه را ببینید.
  پایان: Ctrl-C
"""


@click.command()
@click.option("--check", is_flag=True, help="No page: act as a user, measure, exit 0 or 1.")
@click.option("--port", default=0, help="Where the page is, on 127.0.0.1 (default: a free port).")
@click.option(
    "--accounts", default=2_000, show_default=True, type=click.IntRange(1), help="Size of the org."
)
@click.option("--pack", metavar="NAME", help="Show a pack of config/packs, or check it.")
def demo(check: bool, port: int, accounts: int, pack: str | None) -> int:
    """A sample org, the service and a page, all on this machine."""
    import requests

    from gradesys.demo.stage import Sample, staged

    models = _models(pack) if pack else ()
    signal.signal(signal.SIGTERM, _interrupt)
    with tempfile.TemporaryDirectory(prefix="gradesys-", ignore_cleanup_errors=True) as folder:
        try:
            with staged(Path(folder), Sample(accounts, port, models), _timeline()) as stage:
                (_check if check else _play)(stage, models)
        except requests.RequestException as error:
            raise GradesysError(f"the demo's org does not answer: {error}") from error
    return 0


def _models(pack: str) -> tuple[RuleModel, ...]:
    """The pack, and those that it reads. Raises click.BadParameter when there is no such pack."""
    from gradesys.demo.packs import read_packs, with_sources
    from gradesys.rules.nearest import nearest

    packs = read_packs()
    if pack not in packs:
        raise click.BadParameter(f"there is no pack '{pack}'{nearest(pack, packs)}")
    return with_sources(pack, packs)


def _check(stage: Stage, models: Sequence[RuleModel]) -> None:
    from gradesys.demo.check import check
    from gradesys.demo.pack_check import check_pack

    if models:
        check_pack(stage, models[0])
    else:
        check(stage)


def _play(stage: Stage, models: Sequence[RuleModel]) -> None:
    """Score everything once, then serve until Ctrl-C."""
    from gradesys.demo.pack_check import show_records

    answer = stage.resync()
    stage.say(f"resync: {answer['written']:,} records scored in {answer['seconds']} s")
    for model in models[:1]:
        show_records(stage, model)
    with stage.service() as service:
        click.echo(INVITATION.format(url=stage.url))
        while service.poll() is None:
            time.sleep(WATCH_S)
    raise GradesysError("the service has ended")


def _timeline() -> Callable[[str], None]:
    """Prints a line with the seconds since now."""
    started = time.monotonic()
    return lambda text: click.echo(f"{time.monotonic() - started:6.1f} s  {text}")


def _interrupt(number: int, frame: object) -> NoReturn:
    """Being told to end is Ctrl-C: the children must end too."""
    raise KeyboardInterrupt
