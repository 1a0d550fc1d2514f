"""The time that a preflight may take, shared out among its steps."""

import time


class Deadline:
    """Begins when made; ``budget`` is in seconds. Steps ask whether their share is used up."""

    def __init__(self, budget: float) -> None:
        self._budget = budget
        self._begin = time.monotonic()

    def past(self, share: float) -> bool:
        """Whether ``share`` (0 to 1) of the budget has passed since the beginning."""
        return time.monotonic() - self._begin > share * self._budget
