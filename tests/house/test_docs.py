"""The documents: what they point to exists, what they tell to type can be typed, and the decisions are counted."""

import re
from pathlib import Path

import pytest
import typer.main

from hutong.console.main import app

ROOT = Path(__file__).resolve().parents[2]
ADRS = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
MANUALS = [
    *(ROOT / name for name in ("README.md", "README.zh.md", "DEVELOPING.md")),
    *(ROOT / "docs/guide").glob("*.md"),
]
DOCUMENTS = [*MANUALS, ROOT / "CHANGELOG.md", ROOT / "GLOSSARY.md", ROOT / "docs" / "adr" / "README.md", *ADRS]
COMMANDS = typer.main.get_command(app).commands
TARGETS = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)

FENCED = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)
INDENTED = re.compile(r"^ {4}(\S.*)$", re.MULTILINE)
INLINE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
PATH = re.compile(r"\.?(?:hutong|tests|tools|docs|bench|examples|\.ci)/[\w./-]+")
CALL = re.compile(r"(?:^|[\s(])(?:\.venv/bin/)?hutong ([a-z][a-z-]*)([^\n|#]*)")
SECTIONS = ["Status", "Context", "Decision", "Consequences"]

every_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: str(file.relative_to(ROOT)))
every_manual = pytest.mark.parametrize("document", MANUALS, ids=lambda file: str(file.relative_to(ROOT)))


def code(document: Path) -> list[str]:
    """What stands as code in a document: in blocks, line by line, and between backticks."""
    text = document.read_text(encoding="utf-8")
    blocks = [line for block in FENCED.findall(text) for line in block.splitlines()]
    return [*blocks, *INDENTED.findall(text), *INLINE.findall(FENCED.sub("", text))]


def options(command: str) -> set[str]:
    """The options that a command takes."""
    parts = (COMMANDS[command], *getattr(COMMANDS[command], "commands", {}).values())
    return {name for part in parts for parameter in part.params for name in parameter.opts} | {"--help"}


@every_document
def test_relative_links_lead_somewhere(document):
    for link in LINK.findall(document.read_text(encoding="utf-8")):
        if not re.match(r"[a-z]+:|#", link):
            assert (document.parent / link.partition("#")[0]).exists(), link


@every_manual
def test_files_that_are_named_exist(document):
    for line in code(document):
        if PATH.fullmatch(line):
            assert (ROOT / line).exists(), line


@every_manual
def test_make_targets_exist(document):
    for line in code(document):
        for target in re.findall(r"(?:^|[;&] ?)make ([a-z]+)", line):
            assert target in TARGETS, f"make {target}"


@every_manual
def test_console_commands_exist(document):
    for line in code(document):
        for command, rest in CALL.findall(line):
            assert command in COMMANDS, f"hutong {command}"
            unknown = set(re.findall(r"(?<!\S)--?[a-z][a-z-]*", rest)) - options(command)
            assert not unknown, f"hutong {command} {unknown}"


@every_manual
def test_environment_variables_are_read_somewhere(document):
    sources = [*(ROOT / "hutong").rglob("*.py"), ROOT / "Makefile"]
    read = {name for file in sources for name in re.findall(r"HUTONG_[A-Z]+", file.read_text(encoding="utf-8"))}
    named = re.findall(r"HUTONG_[A-Z]+", document.read_text(encoding="utf-8"))

    assert set(named) <= read


def test_every_command_is_told_of_somewhere():
    told = {command for manual in MANUALS for line in code(manual) for command, _rest in CALL.findall(line)}

    assert set(COMMANDS) <= told


def test_guide_and_readme_stand_in_both_languages():
    guides = {file.name for file in (ROOT / "docs" / "guide").glob("*.*.md")}

    assert guides == {name.replace(".en.", ".zh.") for name in guides} | {
        name.replace(".zh.", ".en.") for name in guides
    }


def test_decisions_are_numbered_without_a_gap():
    assert [file.name[:4] for file in ADRS] == [f"{number:04}" for number in range(1, len(ADRS) + 1)]


@pytest.mark.parametrize("file", ADRS, ids=lambda file: file.stem)
def test_a_decision_has_its_four_sections_and_stands_in_the_index(file):
    text = file.read_text(encoding="utf-8")
    title = text.splitlines()[0]

    assert title.startswith(f"# {file.name[:4]} ")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == SECTIONS
    assert f"| [{file.name[:4]}]({file.name}) | {title[7:]} |\n" in (file.parent / "README.md").read_text()
