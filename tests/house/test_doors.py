"""The doors: they never touch a manager, and every route says who may use it."""

import ast
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

PACKAGE = Path(__file__).resolve().parents[2] / "hutong"
DOORS = ("desk", "portal", "api", "field", "console")
FILES = [file for door in DOORS for file in sorted((PACKAGE / door).rglob("*.py"))]
MANAGERS = {"objects", "_default_manager", "_base_manager"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_doors_never_touch_a_manager(file):
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Attribute):
            assert node.attr not in MANAGERS, f"line {node.lineno}: ask queries.py or call a verb"


def routes(resolver: URLResolver | None = None, prefix: str = "") -> list[tuple[str, URLPattern]]:
    """Every route of the house with its full pattern."""
    found = []
    for entry in (resolver or get_resolver()).url_patterns:
        pattern = prefix + str(entry.pattern)
        found += routes(entry, pattern) if isinstance(entry, URLResolver) else [(pattern, entry)]
    return found


@pytest.mark.parametrize("pattern, route", routes(), ids=[pattern or "/" for pattern, _ in routes()])
def test_every_route_declares_who_may_use_it(pattern, route):
    assert getattr(route.callback, "guard", None), f"{pattern}: guard its view (hutong/desk/guards.py)"


def test_public_routes_are_these_and_no_more():
    public = {route.name for _, route in routes() if route.callback.guard == "public"}

    signing_in = {"sign_in", "sign_in_code", "sign_in_passkey", "sign_in_passkey_request", "sign_out"}
    assert public == {"health", "language", "choose", "be", "confirm", "phone", "bind_phone", "choose_pin"} | signing_in
