"""What `hutong doctor` says of the law that is loaded and of documents, by its own checks."""

from datetime import date

import pytest
from django.utils.translation import override

from hutong.console import doctor
from hutong.console.doctor import MACHINE_CHECKS


@pytest.mark.parametrize(
    ("on", "state", "said"),
    [
        (date(2025, 12, 31), "fine", "from 2004 to 2026"),
        (date(2026, 10, 31), "fine", "from 2004 to 2026"),
        (date(2026, 11, 1), "warning", "of 2027 is not loaded"),
        (date(2027, 3, 1), "warning", "of 2027 is not loaded"),
    ],
)
def test_a_notice_of_holidays_is_asked_for_when_it_is_due(settings, on, state, said):
    settings.TODAY = on
    with override("en"):
        found = [one for check in MACHINE_CHECKS for one in check() if one.check == "calendar"]
    assert [one.state for one in found] == [state]
    assert said in found[0].text


def documents(settings, **more):
    for name, value in more.items():
        setattr(settings, name, value)
    with override("en"):
        return {one.check: one for check in MACHINE_CHECKS for one in check()}


def test_the_fonts_of_documents_are_named(settings):
    assert "Noto Serif SC" in documents(settings)["fonts"].text


def test_fonts_that_are_missing_are_told(settings, monkeypatch):
    monkeypatch.setattr(doctor, "fonts_in_use", lambda: [])
    found = documents(settings)["fonts"]
    assert (found.state, found.mend) == ("wrong", "Run: make build")


@pytest.mark.parametrize(
    ("production", "address", "state"),
    [(False, "http://127.0.0.1:8000", "fine"), (True, "http://127.0.0.1:8000", "warning"), (True, "https://x", "fine")],
)
def test_in_a_province_documents_name_an_address_that_others_reach(settings, production, address, state):
    found = documents(settings, PRODUCTION=production, ADDRESS=address, CONFIRM_URL=f"{address}/confirm/")["address"]
    assert found.state == state and f"{address}/confirm/" in found.text
