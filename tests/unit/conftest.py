"""Unit tests say what failed by their asserts; thousands of log lines would hide it.

They see no genome but the one that comes with GAS, whatever is installed on the machine.
"""

import logging
import os

import structlog

structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))

os.environ["GAS_REFERENCE_DIRECTORY"] = os.devnull
