"""The schedule (定时任务): every periodic job of the house on this one page.

The hours are UTC, eight behind the office: each job runs at night and again in the morning, for machines that are
switched off at night. Every one of them may run twice or not at all without harm.
"""

from procrastinate.contrib.django import app

from hutong.registry import jobs as registry

app.periodic(cron="10 2,18 * * *")(registry.watch_papers)
app.periodic(cron="15 2,18 * * *")(registry.watch_emergencies)
app.periodic(cron="25 2,18 * * *")(registry.find_in_register)
app.periodic(cron="40 2,18 * * *")(registry.sweep_files_left)
