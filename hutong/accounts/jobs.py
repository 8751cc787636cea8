"""Jobs of the accounts: load, call a verb."""

from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app

from hutong.accounts.actions import checkpoints, copies, sealing
from hutong.accounts.clock import today

KEPT_HOURS = 24


@app.task(name="accounts.seal_trail", queue="trail", queueing_lock="accounts.seal_trail")
def seal_trail(timestamp: int) -> None:
    """Seals the trail (封存留痕)."""
    sealing.seal_trail()


@app.task(name="accounts.keep_checkpoint", queue="nightly")
def keep_checkpoint(timestamp: int) -> None:
    """Keeps a checkpoint of the trail (留存校验点)."""
    checkpoints.keep_checkpoint()


@app.task(name="accounts.forget_jobs", queue="nightly", pass_context=True)
async def forget_jobs(context: JobContext, timestamp: int) -> None:
    """Forgets the sealer's jobs of yesterday (清理封存任务): one a minute would fill the table of jobs."""
    await context.app.job_manager.delete_old_jobs(nb_hours=KEPT_HOURS, queue="trail")


@app.task(name="accounts.watch_copies", queue="nightly")
def watch_copies(timestamp: int) -> None:
    """Watches which copies are over and which are to be destroyed (核对发出件)."""
    copies.watch_copies(on=today(), at=timezone.now())
