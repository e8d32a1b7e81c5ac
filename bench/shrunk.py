"""gradesys with pages, partitions and writes of a few rows, so that a population which an emulator
holds takes as many requests as a large one; and what lasts as long as a window of limits, or is
short beside a partition, lasts as much less: ``python -m bench.shrunk resync``.
"""

from __future__ import annotations

import os

from gradesys.budget import bucket
from gradesys.cli import main
from gradesys.dataverse.store import DataverseStore
from gradesys.resync import chunk, partition, plan

SHORTER = 20
"""The window of Dataverse's limits, by so many times, where the environment says nothing else."""
TIMES = "BENCH_SHORTER"
PAGE_ROWS, PARTITION_ROWS, WRITE_ROWS = 100, 200, 20


def shrink() -> None:
    """Once, before anything is read."""
    times = int(os.environ.get(TIMES, SHORTER))
    defaults = DataverseStore.__init__.__kwdefaults__ or {}
    defaults["page_size"] = PAGE_ROWS
    plan.PARTITION_ROWS = PARTITION_ROWS
    chunk.CHUNK = WRITE_ROWS
    bucket.EASE_S /= times
    partition.BUSY_S /= times


if __name__ == "__main__":
    shrink()
    main()
