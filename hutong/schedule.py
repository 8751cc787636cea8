"""The schedule (定时任务): every periodic job of the house on this one page.

None runs by the clock yet: the jobs of hutong/registry/jobs.py are started by what people do. A job that runs by the
clock is entered here with `@app.periodic(cron=...)` and calls a room's job.
"""
