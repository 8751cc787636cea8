"""Citations (依据): which article of which document a value or a reason rests on, as one can look it up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from hutong.law.texts import WrongText, read_file

FILE = Path(__file__).parent / "parameters" / "instruments.yaml"
KEYS = frozenset({"zh", "en", "number", "issued", "provisional"})


@dataclass(frozen=True, slots=True)
class Instrument:
    """Instrument (法规文件): a law, a notice, a standard, a report; `number` as it is printed, `issued` a day or month.

    `is_provisional`: recalled or reported, not compared with a copy of the text yet.
    """

    code: str
    title_zh: str
    title_en: str
    number: str
    issued: str
    is_provisional: bool


@dataclass(frozen=True, slots=True)
class Citation:
    """Citation (依据条款): an article of an instrument; an empty article is the whole.

    `is_provisional`: what rests on it is still to be confirmed by the Department.
    """

    instrument: Instrument
    article: str = ""
    is_provisional: bool = False

    @property
    def zh(self) -> str:
        """`《关于进一步加强事实无人抚养儿童保障工作的意见》（民发〔2019〕62号）第一条`."""
        number = f"（{self.instrument.number}）" if self.instrument.number else ""
        return f"《{self.instrument.title_zh}》{number}{self.article}"

    @property
    def en(self) -> str:
        """The same in English; the article stays as it is printed."""
        return ", ".join(filter(None, (self.instrument.title_en, self.instrument.number, self.article)))


@dataclass(frozen=True, slots=True)
class Reason:
    """Reason (理由): why an answer is what it is; `text` in Chinese, for the decision."""

    code: str
    text: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class Line:
    """Line (计算明细行): one part of a sum, in fen; what is taken off is negative."""

    code: str
    amount_fen: int
    text: str
    citation: Citation


def to_confirm(parts: Iterable[Reason | Line]) -> list[str]:
    """The codes of those that rest on what is still to be confirmed (待确认依据)."""
    return sorted({part.code for part in parts if part.citation.is_provisional})


def cite(text: str) -> Citation:
    """The citation that `mz_2019_62 一（二）` names: an instrument's code, then its article. Raises WrongText."""
    code, _space, article = text.partition(" ")
    found = instruments().get(code)
    if found is None:
        raise WrongText(f"instruments.yaml: no instrument {code}")
    return Citation(found, article.strip())


@cache
def instruments() -> Mapping[str, Instrument]:
    """All instruments by their codes (法规目录). Raises WrongText."""
    return {code: _read(code, said) for code, said in read_file(FILE).items()}


def _read(code: str, said: Mapping[str, Any]) -> Instrument:
    unknown = sorted(set(said) - KEYS)
    if unknown or not {"zh", "en"} <= set(said):
        raise WrongText(f"instruments.yaml: {code}: {', '.join(unknown) or 'zh and en are needed'}")
    provisional = said.get("provisional") == "true"
    return Instrument(code, said["zh"], said["en"], said.get("number", ""), said.get("issued", ""), provisional)
