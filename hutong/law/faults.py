"""What is wrong in a case of the law, as data: programs read it in English, pages and people in their own language."""

from dataclasses import dataclass

ENGLISH = {
    "no_keys": "keys and values are needed",
    "missing": "{key} is missing",
    "unreadable": "{key} cannot be read: {inner}",
    "no_list": "{key} is a list",
    "inside": "{key}: {inner}",
    "unknown": "unknown {all}",
    "no_day": "{said}",
    "no_month": "{said}",
    "no_code": "{first} is no division code",
    "no_truth": "true or false, not {first}",
    "no_number": "{first} is no whole number",
    "no_cut_off": "{first} is no day of a month",
    "no_grade": "{first} is no grade from {rest}",
    "not_one_of": "{first} is not one of {rest}",
    "no_aid": "either fen_per_month, or household_fen_per_month with members",
    "no_sum": "a month and its fen are needed: {said}",
    "not_among": "{all} is not among months",
    "no_codes": "also and reasons are lists of codes",
    "none_of": "{key} is not one of {all}",
    "no_rule": "{said}",
    "other": "{said}",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of a case (案例错误): its code, the part of the case, the key, and the values it is about.

    `said` is what Python itself says of a value; `inner` the fault of what stands under the key.
    """

    code: str
    where: str = ""
    key: str = ""
    values: tuple[str, ...] = ()
    said: str = ""
    inner: "Fault | None" = None

    def __str__(self) -> str:
        words = ENGLISH[self.code].format(
            key=self.key,
            inner=self.inner,
            said=self.said,
            first=next(iter(self.values), ""),
            rest=(" to " if self.code == "no_grade" else ", ").join(self.values[1:]),
            all=", ".join(self.values),
        )
        return f"{self.where}: {words}" if self.where else words


class Faulty(ValueError):
    """A case that cannot be read or answered (案例无法处理), with its fault."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


def fault_in(error: Exception) -> Fault:
    """The fault that an exception tells of: its own, or what Python says."""
    if isinstance(error, Faulty):
        return error.fault
    said = str(error.args[0] if error.args else error)
    return Fault("no_rule" if isinstance(error, LookupError) else "other", said=said)
