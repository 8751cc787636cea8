"""The text of cases as somebody wrote it: a case is added at its end or put back in its place, all else stays.

Only what differs is written anew, by the marks of the YAML's own nodes: comments, order and style of the rest are kept.
"""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from itertools import takewhile
from typing import Any

import yaml

from hutong.law.texts import WrongText, read_text

Node = yaml.ScalarNode | yaml.SequenceNode | yaml.MappingNode
Parts = dict[Any, tuple[int, Node]]
Edit = tuple[int, int, str]
"""What stands between two places of a text, and what shall stand there (文本改动)."""
SPECIAL = (yaml.AnchorToken, yaml.AliasToken, yaml.TagToken)
CASE_BY_CASE = "- name:"


class Unplaced(ValueError):
    """A text that one case cannot be put into (案例无法写入): it has anchors, aliases or tags, or is no list."""


class Quoted(str):
    """A text that is written in quotation marks (加引号文本): a code that others would read as a number."""

    __slots__ = ()


def cases_in(text: str) -> list[Any]:
    """All cases of a text as they were written; none where nothing but comments stands there. Raises WrongText."""
    said = read_text(text, name="") or []
    if not isinstance(said, list):
        raise WrongText(f"a list of cases is needed, each beginning with `{CASE_BY_CASE}`")
    return said


def marks_in(text: str) -> list[str]:
    """What each case of a text is known by, wherever it stands (案例标记). Raises WrongText and Unplaced."""
    return [sha256(repr(case).encode()).hexdigest()[:16] for case in _plain_cases(text)]


def added(text: str, case: Mapping[str, Any]) -> str:
    """The text with one more case at its end. Raises WrongText and Unplaced."""
    before = _plain_cases(text)
    made = _applied(text, [_addition(text, _root(text), case)])
    return _checked(made, [*before, case])


def replaced(text: str, number: int, case: Mapping[str, Any]) -> str:
    """The text with another case in the place of the one that stands at `number`. Raises WrongText and Unplaced."""
    before = _plain_cases(text)
    node = _root(text).value[number]
    wanted = [*before[:number], case, *before[number + 1 :]]
    try:
        return _checked(_applied(text, list(_changes(text, node, case))), wanted)
    except Unplaced:
        return _checked(_applied(text, [_instead(text, node, case)]), wanted)


def _plain_cases(text: str) -> list[Any]:
    """The cases of a text in which nothing stands for something else: a few aliases can say more than fits anywhere."""
    cases = cases_in(text)
    if any(isinstance(token, SPECIAL) for token in yaml.scan(text, yaml.BaseLoader)):
        raise Unplaced("anchors, aliases and tags")
    return cases


def _root(text: str) -> Any:
    """The node of the whole text; None where nothing but comments stands there."""
    return yaml.compose(text, yaml.BaseLoader)


def _checked(made: str, wanted: list[Any]) -> str:
    """A text that says what is wanted."""
    try:
        found = cases_in(made)
    except WrongText as wrong:
        raise Unplaced(str(wrong)) from wrong
    if found != wanted:
        raise Unplaced("the text says something else")
    return made


def _applied(text: str, edits: list[Edit]) -> str:
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _addition(text: str, root: Any, case: Mapping[str, Any]) -> Edit:
    if not isinstance(root, yaml.SequenceNode):
        return _at_the_end(text, len(text), 0, case)
    if not root.flow_style:
        return _at_the_end(text, root.end_mark.index, root.start_mark.column, case)
    at = _end(text, root.value[-1]) if root.value else root.start_mark.index + 1
    return at, at, (", " if root.value else "") + _flow(case)


def _at_the_end(text: str, at: int, column: int, case: Mapping[str, Any]) -> Edit:
    newline = _newline(text)
    lines = [line for key, value in case.items() for line in _lines(key, value)]
    indented = [" " * column + ("- " if not number else "  ") + line for number, line in enumerate(lines)]
    is_new_line = text[:at].endswith("\n") or not text[:at]
    return at, at, ("" if is_new_line else newline) + newline.join(indented) + newline


def _lines(key: str, value: Any) -> list[str]:
    """One key of a new case; several mappings stand on lines of their own."""
    if isinstance(value, list) and len(value) > 1 and all(isinstance(one, Mapping) for one in value):
        return [f"{key}:", *(f"  - {_flow(one)}" for one in value)]
    return [_pair(key, value)]


def _changes(text: str, node: Node, wanted: Any) -> Iterator[Edit]:
    """What is to be changed in a part of the text, as little as can be, for it to say what is wanted."""
    said = yaml.constructor.BaseConstructor().construct_object(node, deep=True)
    if said == wanted:
        return
    parts, asked = _parts(node), _asked(wanted)
    common = parts.keys() & asked.keys()
    is_as_before = parts.keys() == asked.keys()
    if type(said) is not type(wanted) or not common or (_is_flow(node) and not is_as_before):
        yield _instead(text, node, wanted)
        return
    for key in common:
        yield from _changes(text, parts[key][1], asked[key])
    if not is_as_before:
        yield from _gone(text, parts, asked)
        yield _come(text, node, parts, asked)


def _parts(node: Node) -> Parts:
    """The parts of a mapping by their keys, of a list by their numbers: where each begins, and its value."""
    if isinstance(node, yaml.MappingNode):
        return {key.value: (key.start_mark.index, value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return {number: (value.start_mark.index, value) for number, value in enumerate(node.value)}
    return {}


def _asked(wanted: Any) -> dict[Any, Any]:
    if isinstance(wanted, Mapping):
        return dict(wanted)
    return dict(enumerate(wanted)) if isinstance(wanted, list) else {}


def _gone(text: str, parts: Parts, asked: Mapping[Any, Any]) -> Iterator[Edit]:
    """Takes away what is not wanted any more: whole lines, but from the first part up to the first that stays."""
    leading = list(takewhile(lambda key: key not in asked, parts))
    if leading:
        starts = [start for start, _ in parts.values()]
        yield starts[0], starts[len(leading)], ""
    for key, (start, value) in parts.items():
        if key not in asked and key not in leading:
            yield text.rfind("\n", 0, start) + 1, _line_end(text, _end(text, value)) + 1, ""


def _come(text: str, node: Node, parts: Parts, asked: Mapping[Any, Any]) -> Edit:
    """Writes what is new on lines of its own, below the last part that stays."""
    last = [value for key, (_, value) in parts.items() if key in asked][-1]
    at = _line_end(text, _end(text, last))
    at -= text[at - 1 : at] == "\r"
    head = _newline(text) + " " * node.start_mark.column
    is_list = isinstance(node, yaml.SequenceNode)
    new = [f"- {_flow(value)}" if is_list else _pair(key, value) for key, value in asked.items() if key not in parts]
    return at, at, "".join(head + line for line in new)


def _is_flow(node: Node) -> bool:
    return not isinstance(node, yaml.ScalarNode) and bool(node.flow_style)


def _instead(text: str, node: Node, wanted: Any) -> Edit:
    start, end = node.start_mark.index, _end(text, node)
    return start, end, (" " if start == end else "") + _flow(wanted)


def _end(text: str, node: Node) -> int:
    """Where a part ends; YAML lets a block end where the next thing begins, comments included."""
    if isinstance(node, yaml.ScalarNode) or node.flow_style:
        start = int(node.start_mark.index)
        return start + len(text[start : node.end_mark.index].rstrip())
    last = node.value[-1]
    return _end(text, last[1] if isinstance(last, tuple) else last)


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


class _Plain(yaml.SafeDumper):
    """Writes every scalar as text, in quotation marks only where YAML needs them."""

    yaml_implicit_resolvers: dict[str, Any] = {}

    def ignore_aliases(self, data: Any) -> bool:
        """Nothing is written as “the same as above”."""
        return True


_Plain.add_representer(Quoted, lambda dumper, said: dumper.represent_scalar("tag:yaml.org,2002:str", said, style='"'))


def _flow(value: Any) -> str:
    """A value on one line."""
    return _dumped([value])[1:-1]


def _pair(key: str, value: Any) -> str:
    """A key and its value on one line."""
    return _dumped({key: value})[1:-1]


def _dumped(value: Any) -> str:
    return yaml.dump(
        value,
        Dumper=_Plain,
        default_flow_style=True,
        width=float("inf"),
        allow_unicode=True,
        sort_keys=False,
    ).rstrip("\n")
