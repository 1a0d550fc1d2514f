"""Whether a worker's loop turns: ``python -m gas.runtime.health FILE`` ends with 0 if so.

Containers ask this every few seconds, so it takes nothing but the standard library.
"""

import sys
import time
from datetime import timedelta
from pathlib import Path

FRESH = timedelta(seconds=30)
"""A health file touched within this time says that its worker's loop turns."""


def is_fresh(health_file: Path) -> bool:
    try:
        age = time.time() - health_file.stat().st_mtime
    except FileNotFoundError:
        return False
    return age < FRESH.total_seconds()


def main(arguments: list[str]) -> int:
    """0 when all the files are fresh, 1 when one is not, 2 when none is named."""
    if not arguments:
        sys.stderr.write("usage: python -m gas.runtime.health FILE…\n")
        return 2
    stale = [name for name in arguments if not is_fresh(Path(name))]
    for name in stale:
        sys.stdout.write(f"{name} was not touched within {FRESH.total_seconds():g} s\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
