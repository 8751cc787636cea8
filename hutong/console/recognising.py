"""The command that recognises children of law cases."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hutong.console.law import Answer, Cases, answers, finish, mark, read, source, why_not
from hutong.console.printing import AsJson
from hutong.law.cases import Case
from hutong.law.citation import Reason, to_confirm
from hutong.law.faults import Fault, Faulty
from hutong.law.recognition import PAID, Outcome, Recognition
from hutong.law.recognition import recognise as recognise_child

NOTHING = frozenset({"", "null", "~"})
EMPTY: Answer = {"name": "", "outcome": None, "category": None, "also": [], "reasons": [], "provisional": []}
MONTH = re.compile(r"\d{4}-\d{2}")


def recognise(cases: Cases, as_json: AsJson = False) -> None:
    """Recognises the children of law cases (认定), with reasons and citations; needs no database."""
    found = [EMPTY | one for one in answers(read(cases), of_case)]
    finish(found, "\n\n".join(map(_as_text, found)), as_json=as_json)


def of_case(case: Case) -> list[Answer]:
    """The answer to a case (案例答复); none to a case that only asks for months."""
    if case.on is None and case.months:
        return []
    if case.on is None:
        raise Faulty(Fault("missing", "case", "on"))
    expected = _expected(case.expect or {})
    found = recognise_child(case.child, on=case.on, jurisdiction=case.jurisdiction)
    return [
        {
            "name": case.name,
            "outcome": found.outcome.value,
            "category": found.category,
            "also": list(found.also),
            "reasons": [_reason(one) for one in found.reasons],
            "provisional": to_confirm(found.reasons),
            "passed": _agrees(found, expected) if expected else None,
        }
    ]


def _reason(one: Reason) -> Answer:
    return {"code": one.code, "text": one.text, "citation": one.citation.zh}


def _expected(said: Mapping[str, Any]) -> dict[str, Any]:
    """What a case expects of a recognition; what it expects of months is for the amount."""
    expected = {key: value for key, value in said.items() if not MONTH.fullmatch(str(key))}
    unknown = sorted(set(expected) - {"outcome", "category", "also", "reasons"})
    if unknown:
        raise Faulty(Fault("unknown", "expect", values=tuple(unknown)))
    _one_of(expected, "outcome", frozenset(Outcome))
    _one_of(expected, "category", NOTHING.union(PAID))
    if not all(_is_list_of_texts(expected.get(key, [])) for key in ("also", "reasons")):
        raise Faulty(Fault("no_codes", "expect"))
    return expected


def _is_list_of_texts(said: Any) -> bool:
    return isinstance(said, list) and all(isinstance(one, str) for one in said)


def _one_of(expected: Mapping[str, Any], key: str, known: frozenset[str]) -> None:
    if key in expected and (not isinstance(expected[key], str) or expected[key] not in known):
        raise Faulty(Fault("none_of", "expect", key, tuple(sorted(known - NOTHING))))


def _agrees(found: Recognition, expected: Mapping[str, Any]) -> bool:
    category = expected.get("category", found.category)
    return (
        expected.get("outcome", found.outcome) == found.outcome
        and (None if category in NOTHING else category) == found.category
        and set(expected.get("also", found.also)) == set(found.also)
        and set(expected.get("reasons", ())) <= {one.code for one in found.reasons}
    )


def _as_text(one: Answer) -> str:
    if "error" in one:
        return f"{one['name']}\n  {mark(one)}: {why_not(one)}"
    heading = ", ".join(filter(None, (_outcome(one["outcome"]), _category(one["category"]), mark(one))))
    lines = [f"  - {reason['text']}，{source(reason, one)}" for reason in one["reasons"]]
    return "\n".join((one["name"], f"  {heading}", *lines))


def _outcome(code: str) -> str:
    return {"recognised": _("recognised"), "refused": _("refused"), "manual": _("left to a person")}[code]


def _category(code: str | None) -> str:
    return PAID[code][0 if (get_language() or "").startswith("zh") else 1] if code else ""
