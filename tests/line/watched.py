"""``python -m tests.line.watched FILE serve ...``: gradesys that notes when each key was handled.

Two processes' notes together tell how often they worked on one key at the same time.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from unittest.mock import patch

from gradesys.cli import main
from gradesys.engine import Context
from gradesys.live.handling import Handler, handle
from gradesys.marks.protocols import Message, text_of
from gradesys.records import KeyKind


def watch(path: Path) -> None:
    """Note every run of this process: its key, when it began and when it ended."""
    file, lock = path.open("a", encoding="utf-8"), threading.Lock()

    def noted(
        context: Context, group: Sequence[Message], handlers: Mapping[KeyKind, Handler]
    ) -> None:
        began = time.time()
        try:
            handle(context, group, handlers)
        finally:
            runs = [json.dumps((text_of(each.key), began, time.time())) for each in group]
            with lock:
                file.write("".join(f"{run}\n" for run in runs))
                file.flush()

    patch("gradesys.app.handle", noted).start()


def overlaps(paths: Iterable[Path]) -> tuple[int, int]:
    """How many runs there were, and how many began while another one of the same key went on."""
    runs: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            key, began, ended = json.loads(line)
            runs[key].append((began, ended))
    count = 0
    for each in runs.values():
        latest = 0.0
        for began, ended in sorted(each):
            count += began < latest
            latest = max(latest, ended)
    return sum(map(len, runs.values())), count


if __name__ == "__main__":
    watch(Path(sys.argv[1]))
    sys.argv = ["gradesys", *sys.argv[2:]]
    main()
