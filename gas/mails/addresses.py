"""Where the links of mails lead. Whoever is not signed in comes there by way of the sign-in."""

from dataclasses import dataclass

from gas.domain.job import Job


@dataclass(frozen=True)
class Addresses:
    """``site`` is GAS as users reach it, without a slash at its end."""

    site: str

    def job(self, job: Job) -> str:
        return f"{self.site}/jobs/{job.job_id}"

    def files(self, job: Job) -> str:
        return f"{self.job(job)}#files"

    def variants(self, job: Job) -> str:
        return f"{self.job(job)}/variants"

    @property
    def new_job(self) -> str:
        return f"{self.site}/jobs/new"

    @property
    def plan(self) -> str:
        return f"{self.site}/account/plan"

    @property
    def preferences(self) -> str:
        return f"{self.site}/account#mail"
