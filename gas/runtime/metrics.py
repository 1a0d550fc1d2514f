"""What workers count, in Prometheus terms; exposed on a loopback port where one is set."""

from prometheus_client import Counter, Gauge, Histogram

HANDLED = Counter("gas_messages_handled", "Messages by what became of them", ["queue", "outcome"])
HANDLING_SECONDS = Histogram(
    "gas_message_handling_seconds",
    "Time from receipt to decision",
    buckets=(0.05, 0.2, 1, 5, 30, 120, 600, 3600),
)
IN_HAND = Gauge("gas_messages_in_hand", "Messages being worked on")
