#!/usr/bin/env python
"""Writes GLOSSARY.md from the docstrings of the house; with `--check` it only compares.

A term is a public module, class or function whose docstring opens `English term (中文): …`. A noun or a verb may go on
in the same sentence instead (`Import batch (导入批次) of children; …`). The demonstration's own words are left out.
"""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pypinyin import lazy_pinyin

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "hutong"
TARGET = ROOT / "GLOSSARY.md"
LEFT_OUT = {"migrations", "demo"}
OPENING = re.compile(
    r"(?!What )(?:(?:A|An|The|One) )?(?P<english>[A-Za-z][\w-]*(?: [\w-]+){0,3})"
    r" \((?P<chinese>[\u4e00-\u9fff][\u4e00-\u9fff、／/·]*)\)(?P<rest>.*)"
)
HEAD = """\
# Glossary 术语表

The words of the house, in the order of pinyin. Made from the docstrings by `make glossary`; edit those, not this file.
本表由代码中的说明生成，按拼音排序；要改请改代码里的说明，不要改本表。

| 中文 | English | What it is | Where |
|---|---|---|---|
"""


@dataclass(frozen=True)
class Term:
    """One line of the glossary."""

    chinese: str
    english: str
    meaning: str
    where: str

    @property
    def rank(self) -> tuple[str, ...]:
        """By pinyin, then by everything else, so that the order is always the same."""
        return " ".join(lazy_pinyin(self.chinese)), self.chinese, self.english, self.where

    @property
    def line(self) -> str:
        """A row of the table."""
        path, _, name = self.where.partition(":")
        shown = path.removeprefix("hutong/") + (f" · `{name}`" if name else "")
        return f"| {self.chinese} | {self.english} | {self.meaning} | [{shown}]({path}) |\n"


def terms(package: Path = PACKAGE) -> list[Term]:
    """All terms of the package, in the order of pinyin."""
    files = [file for file in package.rglob("*.py") if not LEFT_OUT & set(file.relative_to(package).parts)]
    found = {term for file in files for term in _terms_in(file, file.relative_to(package.parent).as_posix())}
    return sorted(found, key=lambda term: term.rank)


def glossary() -> str:
    """The text of GLOSSARY.md."""
    return HEAD + "".join(term.line for term in terms())


def _terms_in(file: Path, path: str) -> Iterator[Term]:
    for node, name in _documented(ast.parse(file.read_text(encoding="utf-8")), ""):
        opening = OPENING.match(_first_paragraph(node))
        if opening and (opening["rest"].startswith(":") or _may_go_on(node, path)):
            term = Term(
                opening["chinese"], _sentence(opening["english"]), _meaning(opening), f"{path}:{name}".strip(":")
            )
            if term.meaning != term.english:
                yield term


Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def _documented(node: Documented, name: str) -> Iterator[tuple[Documented, str]]:
    """The node and what is public inside it, with dotted names."""
    yield node, name
    if isinstance(node, ast.Module | ast.ClassDef):
        for inner in node.body:
            if isinstance(inner, Documented) and not inner.name.startswith("_"):
                yield from _documented(inner, f"{name}.{inner.name}".lstrip("."))


def _first_paragraph(node: Documented) -> str:
    return " ".join((ast.get_docstring(node) or "").split("\n\n")[0].split())


def _may_go_on(node: Documented, path: str) -> bool:
    """Nouns and verbs: a class, or a function of a room's `actions/` or of `law/`."""
    return isinstance(node, ast.ClassDef) or (
        not isinstance(node, ast.Module) and ("/actions/" in path or path.startswith("hutong/law/"))
    )


def _meaning(opening: re.Match[str]) -> str:
    rest = opening["rest"].lstrip()
    said = rest[1:].strip() if rest.startswith(":") else f"{opening['english']}{opening['rest']}"
    return _sentence(said).rstrip(".").replace("|", "\\|")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def main(arguments: list[str]) -> int:
    """The exit status: 1 when `--check` finds GLOSSARY.md out of date."""
    text = glossary()
    if arguments == ["--check"]:
        if TARGET.exists() and TARGET.read_text(encoding="utf-8") == text:
            return 0
        sys.stderr.write("GLOSSARY.md is out of date; run: make glossary\n")
        return 1
    if arguments:
        sys.stderr.write("Usage: python tools/glossary.py [--check]\n")
        return 2
    TARGET.write_text(text, encoding="utf-8")
    sys.stdout.write(f"GLOSSARY.md: {text.count(chr(10)) - HEAD.count(chr(10))} terms\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
