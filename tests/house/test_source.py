"""The source: no signals, no refused names, no file of a thousand lines, every template used, every queue served."""

import re
from pathlib import Path

import pytest
from procrastinate.contrib.django import app

PACKAGE = Path(__file__).resolve().parents[2] / "hutong"
PYTHON = [file for file in sorted(PACKAGE.rglob("*.py")) if "migrations" not in file.parts]
TEMPLATES = sorted(PACKAGE.rglob("templates/**/*.html"))
FOUND_BY_DJANGO = {"400.html", "404.html", "403_csrf.html", "500.html"}
REFUSED = {"utils", "common", "core", "helpers", "base", "misc"}


def test_there_are_no_signals():
    for file in PYTHON:
        assert "signals" not in file.read_text(), f"{file.name}: news travels by a call or by reading"


def test_the_law_asks_no_clock():
    for file in sorted((PACKAGE / "law").rglob("*.py")):
        assert not re.search(r"\.(today|now|utcnow)\(", file.read_text()), f"{file.name}: the day is an argument"


def test_no_package_or_module_has_a_refused_name():
    names = {part for file in PYTHON for part in file.relative_to(PACKAGE).with_suffix("").parts}

    assert not names & REFUSED


def test_no_file_is_long():
    for file in PYTHON:
        assert len(file.read_text().splitlines()) <= 500, f"{file.name}: is there a second noun in it?"


def test_kit_holds_what_is_recorded_and_no_more():
    tools = {file.stem for file in (PACKAGE / "kit").iterdir()} - {"__init__", "__pycache__"}
    recorded = {"batches", "collecting", "beside"}  # by records 0029 and 0031

    assert tools <= {"states", "uploads", "workbooks", "staging", "names", "documents", "cipher"} | recorded


@pytest.mark.parametrize(
    "template", [one for one in TEMPLATES if one.name not in FOUND_BY_DJANGO], ids=lambda template: template.stem
)
def test_every_template_is_used(template):
    name = str(template).split("/templates/")[1]
    calls = rf"<c-{template.stem}[ />]" if name.startswith("cotton/") else re.escape(name)
    others = [file for file in (*TEMPLATES, *PYTHON) if file != template]

    assert any(re.search(calls, file.read_text()) for file in others), f"{name} is used nowhere"


def test_every_job_is_found_by_the_worker():
    app.perform_import_paths()
    jobs = {f"{file.parent.name}" for file in PACKAGE.glob("*/jobs.py")}

    assert jobs
    assert {name.split(".")[0] for name in app.tasks if "procrastinate" not in name} == jobs


def test_pages_hold_no_inline_script_or_style():
    for template in TEMPLATES:
        text = template.read_text()
        assert not re.search(r"<script(?![^>]*src)|\sstyle=|\son[a-z]+=", text), template
