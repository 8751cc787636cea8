"""Translations (翻译): `hutong messages` compiles them, `--update` collects texts, `--check` finds what is missing."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Annotated

import typer
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation.template import templatize

from hutong.console.printing import AsJson, Status, answer

KEYWORDS = DEFAULT_KEYWORDS | {
    "_lazy": None,
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "Sentence": None,
}
Text = str | tuple[str, ...] | list[str]
LANGUAGES = {"zh_Hans": "zh_Hans_CN", "en": "en"}


def messages(
    update: Annotated[bool, typer.Option("--update", help=_("Collect the texts of code and pages."))] = False,
    check: Annotated[bool, typer.Option("--check", help=_("Say which texts have no translation."))] = False,
    as_json: AsJson = False,
) -> None:
    """Compiles the translations; collects or checks them first where asked."""
    missing: dict[str, list[str]] = {}
    for language, locale in LANGUAGES.items():
        catalog = _catalog(language, locale)
        if update or check:
            wanted = _wanted(locale)
            missing[language] = _missing(catalog, wanted)
        if update:
            catalog.update(wanted, no_fuzzy_matching=True)
            catalog.obsolete.clear()
            _write(catalog, language)
        _compile(catalog, language)
    found = sum(map(len, missing.values()))
    lines = [f"{language}: {text}" for language, texts in missing.items() for text in texts]
    text = "\n".join(lines) if found else _("The translations are complete and compiled.")
    answer({"missing": missing}, text, as_json=as_json)
    if found and check:
        raise typer.Exit(Status.FOUND)


def _folder(language: str) -> Path:
    return settings.BASE_DIR / "locale" / language / "LC_MESSAGES"


def _catalog(language: str, locale: str) -> Catalog:
    file = _folder(language) / "django.po"
    if not file.exists():
        return Catalog(locale=locale, domain="django")
    with file.open("rb") as source:
        return read_po(source, locale=locale, domain="django")


def _wanted(locale: str) -> Catalog:
    catalog = Catalog(locale=locale, domain="django")
    for text, context in _texts():
        catalog.add(text, context=context)
    return catalog


def _texts() -> Iterator[tuple[Text, str | None]]:
    for file in sorted(settings.BASE_DIR.rglob("*.py")):
        if "migrations" not in file.parts:
            yield from _in_python(file.read_bytes())
    for file in sorted(settings.BASE_DIR.rglob("templates/**/*.html")):
        source = templatize(file.read_text(), origin=str(file))
        yield from _in_python(re.sub(r"(?m)^\s+", "", source).encode())


def _in_python(source: bytes) -> Iterator[tuple[Text, str | None]]:
    for _line, text, _comments, context in extract("python", BytesIO(source), KEYWORDS):
        yield text, context


def _missing(catalog: Catalog, wanted: Catalog) -> list[str]:
    """Texts that are needed and not translated; English speaks its own texts."""
    if catalog.locale and catalog.locale.language == "en":
        return []
    return [
        str(message.id) for message in wanted if message.id and not _is_translated(catalog, message.id, message.context)
    ]


def _is_translated(catalog: Catalog, text: Text, context: str | None) -> bool:
    message = catalog.get(text, context)
    if message is None:
        return False
    return all(message.string) if isinstance(message.string, tuple) else bool(message.string)


def _write(catalog: Catalog, language: str) -> None:
    target = _folder(language) / "django.po"
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        write_po(file, catalog, width=0, no_location=True, omit_header=True, sort_output=True)


def _compile(catalog: Catalog, language: str) -> None:
    target = _folder(language) / "django.mo"
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        write_mo(file, catalog)
