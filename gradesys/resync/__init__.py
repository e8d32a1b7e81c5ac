"""Recompute whole tables and write only what differs: the nightly repair, and «recompute all».

A run is data in the ledger, and its work is partitions: ordinary keys among the marks, which any
worker of any process takes. A killed process's partition comes back by itself and goes on after
its cursor (architecture section 5).
"""

from gradesys.resync.causes import CAUSES
from gradesys.resync.driving import resume, resync
from gradesys.resync.keeping import clear, heal, prune
from gradesys.resync.overdue import overdue, tick
from gradesys.resync.part import all_parts
from gradesys.resync.partition import run_partition, run_partitions
from gradesys.resync.preview import MANY
from gradesys.resync.run import Run, read_run, runs
from gradesys.resync.standing import Standing, standing
from gradesys.resync.starting import Order, start_run
from gradesys.resync.tally import Tally, total
from gradesys.resync.wish import Wish

__all__ = [
    "CAUSES",
    "MANY",
    "Order",
    "Run",
    "Standing",
    "Tally",
    "Wish",
    "all_parts",
    "clear",
    "heal",
    "overdue",
    "prune",
    "read_run",
    "resume",
    "resync",
    "run_partition",
    "run_partitions",
    "runs",
    "standing",
    "start_run",
    "tick",
    "total",
]
