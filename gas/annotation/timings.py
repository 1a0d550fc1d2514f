"""Where the time goes, stage by stage."""

import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager


class Timings:
    """Adds up the wall and CPU seconds of named stages, over all threads.

    The CPU seconds are those of the thread that ran the stage.
    """

    def __init__(self) -> None:
        self._seconds: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
        self._lock = threading.Lock()

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        wall, cpu = time.perf_counter(), time.thread_time()
        try:
            yield
        finally:
            wall, cpu = time.perf_counter() - wall, time.thread_time() - cpu
            with self._lock:
                total = self._seconds[name]
                total[0] += wall
                total[1] += cpu

    def to_json(self) -> dict[str, dict[str, float]]:
        """``{stage: {"wall": seconds, "cpu": seconds}}`` in order of first use."""
        return {
            name: {"wall": round(wall, 6), "cpu": round(cpu, 6)}
            for name, (wall, cpu) in self._seconds.items()
        }
