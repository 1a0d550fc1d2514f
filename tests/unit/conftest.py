"""Unit tests say what failed by their asserts; thousands of log lines would hide it."""

import logging

import structlog

structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
