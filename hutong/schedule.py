"""The schedule (定时任务): every periodic job of the house on this one page.

The hours are UTC, eight behind the office: each job but the sealer of the trail, which runs every minute, runs at night
and again in the morning, for machines that are switched off at night. Every one of them may run twice or not at all
without harm.
"""

from procrastinate.contrib.django import app

from hutong.accounts import jobs as accounts
from hutong.allowances import jobs as allowances
from hutong.registry import jobs as registry

app.periodic(cron="* * * * *")(accounts.seal_trail)
app.periodic(cron="5 2,18 * * *")(accounts.keep_checkpoint)
app.periodic(cron="8 2,18 * * *")(accounts.forget_jobs)
app.periodic(cron="10 2,18 * * *")(registry.watch_papers)
app.periodic(cron="15 2,18 * * *")(registry.watch_emergencies)
app.periodic(cron="18 2,18 * * *")(allowances.watch_applications)
app.periodic(cron="19 2,18 * * *")(allowances.find_unapplied)
app.periodic(cron="21 2,18 * * *")(allowances.watch_national)
app.periodic(cron="20 2,18 * * *")(accounts.watch_copies)
app.periodic(cron="21 2,18 * * *")(allowances.find_reviews_due)
app.periodic(cron="22 2,18 * * *")(allowances.tell_standards)
app.periodic(cron="24 2,18 * * *")(allowances.find_follow_ups)
app.periodic(cron="25 2,18 * * *")(registry.find_in_register)
app.periodic(cron="40 2,18 * * *")(registry.sweep_files_left)
