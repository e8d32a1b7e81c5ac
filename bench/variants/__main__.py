"""One variant in a process of its own: ``python -m bench.variants NAME FOLDER ACCOUNTS INVOICES
OPPORTUNITIES`` prints what it found, the CPU seconds and the peak of memory, as JSON.

``told`` of a variant makes an outcome of what it found, once the clock has stopped. Imports are not
timed, but the memory they take is part of the peak.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
from pathlib import Path

from bench.data import Size, pages_of
from bench.memory import peak_mb


def main() -> int:
    """Import, measure, print."""
    name, folder, *counts = sys.argv[1:]
    variant = importlib.import_module(f"bench.variants.{name}")
    pages = pages_of(Path(folder), Size(*map(int, counts)))
    started, cpu = time.perf_counter(), time.process_time()
    found = variant.run(pages)
    figures = {
        "cpu": time.process_time() - cpu,
        "wall": time.perf_counter() - started,
        "peak_mb": peak_mb(),
    }
    if hasattr(variant, "told"):
        found = variant.told(found, pages)
    figures["outcome"] = found and found._asdict()
    sys.stdout.write(json.dumps(figures) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
