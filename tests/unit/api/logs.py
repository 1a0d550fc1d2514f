"""What the api logs while something is tried."""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs
from structlog.typing import EventDict


@contextmanager
def logged() -> Iterator[list[EventDict]]:
    """What is logged meanwhile, at any level; other tests keep quiet."""
    quiet = structlog.get_config()["wrapper_class"]
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(0))
    try:
        with capture_logs([merge_contextvars]) as log:
            yield log
    finally:
        structlog.configure(wrapper_class=quiet)
