"""``python -m tests.line.watched FILE serve ...``: gradesys that notes when each key was worked on.

Two processes' notes together tell how often they worked on one key at the same time.
"""

from __future__ import annotations

import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import IO
from unittest.mock import patch

from gradesys.cli import main
from gradesys.marks.azure import Storage
from gradesys.marks.azure_marks import AzureMarks
from gradesys.marks.protocols import Message, text_of
from gradesys.records import Key


class Watched(AzureMarks):
    """Marks that note every run of a key in a file: from the clearing of its mark, before the first
    read, to what ends it, after the last write. A killed run leaves no note."""

    file: IO[str]

    def __init__(self, storage: Storage) -> None:
        super().__init__(storage)
        self._begun: dict[tuple[str, Key], float] = {}

    def begin(self, *messages: Message) -> list[Message]:
        mine = super().begin(*messages)
        self._begun.update(((message.token, message.key), time.time()) for message in mine)
        return mine

    def done(self, *messages: Message) -> None:
        self._note(*messages)
        super().done(*messages)

    def retry(self, message: Message, delay_s: float, failed: bool = True) -> bool:
        self._note(message)
        return super().retry(message, delay_s, failed)

    def _note(self, *messages: Message) -> None:
        now = time.time()
        runs = [
            json.dumps((text_of(each.key), began, now))
            for each in messages
            if (began := self._begun.pop((each.token, each.key), None)) is not None
        ]
        self.file.write("".join(f"{run}\n" for run in runs))
        self.file.flush()


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
    with Path(sys.argv[1]).open("a", encoding="utf-8") as Watched.file:
        patch("gradesys.marks.azure_marks.AzureMarks", Watched).start()
        sys.argv = ["gradesys", *sys.argv[2:]]
        main()
