"""What every service runs on: the worker loop, the outbox, settings, logging and health."""
