"""The glossary is what the docstrings say now."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_glossary_is_up_to_date():
    done = subprocess.run(
        [sys.executable, "tools/glossary.py", "--check"], cwd=ROOT, capture_output=True, text=True, timeout=60
    )

    assert done.returncode == 0, done.stderr
