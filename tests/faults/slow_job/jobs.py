"""A job that notes when it begins and when it ends."""

import time
from pathlib import Path

from procrastinate.contrib.django import app


@app.task(name="dawdle")
def dawdle(notes: str, seconds: float) -> None:
    with Path(notes).open("a") as file:
        file.write("begun ")
    time.sleep(seconds)
    with Path(notes).open("a") as file:
        file.write("ended ")
