"""The ``gas`` command, and the demonstration of the whole service."""
