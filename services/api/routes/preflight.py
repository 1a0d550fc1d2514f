"""What the annotation would make of an upload, told before it is begun."""

from fastapi import APIRouter

from gas.annotation.preflight import PreflightReport
from services.api.dependencies import ContextOf, CurrentAccount

router = APIRouter(prefix="/jobs/{job_id}", tags=["jobs"])


@router.post("/preflight")
async def check_upload(job_id: str, account: CurrentAccount, context: ContextOf) -> PreflightReport:
    """Look at a job's upload, in seconds. It changes nothing, and keeps no job from submission.

    The verdict is an answer, a bad file no error: look at its `verdict`. Of a large file parts
    are looked at; `coverage` says which.
    """
    job, upload = await context.desk.upload_of(account.user_id, job_id, account.plan)
    return await context.preflights.report(upload, job.genome)
