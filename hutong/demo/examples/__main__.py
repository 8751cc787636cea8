"""Writes the example workbooks into `examples/`, beside the package."""

import os
import sys

import django
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hutong.settings")
django.setup()

from hutong.demo.examples.workbooks import examples  # noqa: E402  (models want a configured Django)

folder = settings.BASE_DIR.parent / "examples"
folder.mkdir(exist_ok=True)
for name, content in examples().items():
    (folder / name).write_bytes(content)
    sys.stdout.write(f"{folder / name}\n")
