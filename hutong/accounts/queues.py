"""The queues of jobs (任务队列) as the administrators see them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker


@dataclass(frozen=True)
class QueueHealth:
    """Queue health (队列状况): living workers, jobs whose worker died, jobs that failed for good."""

    workers: int
    stalled: int
    failed: int


def queue_health(*, alive_since: datetime) -> QueueHealth:
    """How the queues are; a worker that was not heard of since that moment counts as dead."""
    lost = Q(worker=None) | Q(worker__last_heartbeat__lt=alive_since)
    return QueueHealth(
        workers=ProcrastinateWorker.objects.filter(last_heartbeat__gte=alive_since).count(),
        stalled=ProcrastinateJob.objects.filter(lost, status="doing").count(),
        failed=ProcrastinateJob.objects.filter(status="failed").count(),
    )
