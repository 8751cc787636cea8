"""YAML as the law reads it (法规文本数据): every scalar is text, and a key that stands twice is an error."""

from pathlib import Path
from typing import Any

import yaml


class WrongText(ValueError):
    """What is no YAML, or holds a key twice (数据文件有误); the message says where, `line` too where it is known."""

    def __init__(self, why: str, line: int = 0) -> None:
        super().__init__(why)
        self.line = line


def read_text(text: str, *, name: str) -> Any:
    """A text as texts, lists and mappings. Raises WrongText, whose words begin with `name`."""
    try:
        return yaml.load(text, Loader=_Texts)
    except (yaml.YAMLError, WrongText, RecursionError) as error:
        raise WrongText(f"{name}: {error}", _line_of(error)) from error


def read_file(file: Path) -> Any:
    """A file as texts, lists and mappings. Raises WrongText and OSError."""
    return read_text(file.read_text(encoding="utf-8"), name=file.name)


def _line_of(error: Exception) -> int:
    mark = getattr(error, "problem_mark", None)
    return error.line if isinstance(error, WrongText) else mark.line + 1 if mark else 0


class _Texts(yaml.BaseLoader):
    """Takes every scalar as text and refuses a key that stands twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key) for key, _ in node.value]
        repeated = sorted({str(key) for key in keys if keys.count(key) > 1})
        if repeated:
            line = node.start_mark.line + 1
            raise WrongText(f"line {line}: {', '.join(repeated)} stands twice", line)
        return super().construct_mapping(node, deep)
