"""The product's settings and one job more: a slow one, to be interrupted."""

from hutong.settings import *  # noqa: F403

PROCRASTINATE_IMPORT_PATHS = ["slow_job.jobs"]
