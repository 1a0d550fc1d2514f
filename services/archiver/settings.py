"""Settings of the archiver."""

from gas.runtime.settings import WorkerSettings


class ArchiverSettings(WorkerSettings):
    """Nothing beyond what every worker needs."""
