"""Jobs of the allowances: load, call a verb."""

from procrastinate.contrib.django import app

from hutong.accounts.clock import today
from hutong.allowances.actions import (
    finding,
    following_up,
    national,
    outgoing,
    reviewing,
    standards,
    suspending,
    watching,
)


@app.task(name="allowances.watch_applications", queue="nightly")
def watch_applications(timestamp: int) -> None:
    """Watches the clocks of open applications (核对认定时限), and of those that went to another province."""
    watching.watch_applications(on=today())
    outgoing.watch_outgoing(on=today())


@app.task(name="allowances.find_unapplied", queue="nightly")
def find_unapplied(timestamp: int) -> None:
    """Finds children nobody has applied for (查找应报未报儿童)."""
    finding.find_unapplied(on=today())


@app.task(name="allowances.watch_national", queue="nightly")
def watch_national(timestamp: int) -> None:
    """Watches what waits to be entered in the national system (核对录入时限)."""
    national.watch_national(on=today())


@app.task(name="allowances.find_reviews_due", queue="nightly")
def find_reviews_due(timestamp: int) -> None:
    """Suspends children reported dead, then finds recognitions that somebody has to look at (查找到期复核)."""
    suspending.suspend_reported_dead(on=today())
    reviewing.find_reviews_due(on=today())


@app.task(name="allowances.tell_standards", queue="nightly")
def tell_standards(timestamp: int) -> None:
    """Tells of standards whose first day has come (告知生效标准)."""
    standards.tell_standards(on=today())


@app.task(name="allowances.find_follow_ups", queue="nightly")
def find_follow_ups(timestamp: int) -> None:
    """Finds the visits after adoptions that are due (查找应回访)."""
    following_up.find_follow_ups(on=today())
