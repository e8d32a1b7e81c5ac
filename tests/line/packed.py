"""A line under rule files of its own choice: packs deployed, scored, shown on the page, served."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from gradesys.demo.furnishing import furnish
from gradesys.demo.packs import write_rules
from gradesys.demo.user import User
from gradesys.demo.views import show
from gradesys.rules.model import RuleModel
from tests.line.running import Json, Line, emulated, free_port


@contextmanager
def packed(
    models: tuple[RuleModel, ...], org: Mapping[str, Sequence[Json]], folder: Path, *options: str
) -> Iterator[Line]:
    """An org with these rows under these models, with the service running."""
    with emulated(org, folder, *options) as url:
        furnish(User(url), models, datetime.now(UTC))
        line = Line(folder, url, free_port(), {"GRADESYS_RULES": str(write_rules(folder, models))})
        try:
            line.gradesys("deploy", "apply", "--base-url", f"http://127.0.0.1:{line.service_port}")
            show(User(url), models)
            line.resync()
            line.serve()
            yield line
        finally:
            line.kill_service()
            line.session.close()
