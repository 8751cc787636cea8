"""One small change of a module at a time: what `tools/mutate.py` asks the tests about.

Comparisons and their bounds, and/or, arithmetic, whole numbers by one, truths, conditions and returned values turned or
left out, statements left out, min/max and any/all. Strings, annotations and decorators are left alone.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LAW = Path(__file__).resolve().parents[1] / "hutong" / "law"
UNTOUCHED = {"annotation", "returns", "decorator_list", "bases"}
OPERATORS = {
    ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt), ast.Gt: (ast.GtE, ast.LtE), ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,), ast.NotIn: (ast.In,), ast.And: (ast.Or,), ast.Or: (ast.And,),
    ast.Add: (ast.Sub,), ast.Sub: (ast.Add,), ast.Mult: (ast.FloorDiv,), ast.FloorDiv: (ast.Mult,),
    ast.Div: (ast.Mult,), ast.Mod: (ast.Mult,), ast.BitOr: (ast.BitAnd,), ast.BitAnd: (ast.BitOr,),
}  # fmt: skip
NAMES = {"min": "max", "max": "min", "any": "all", "all": "any"}
LEFT_OUT = (ast.AugAssign, ast.Raise, ast.Continue, ast.Break)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a node hangs in its tree, and the innermost function around it."""

    holder: Any
    field: str
    at: int | None
    node: Any
    function: ast.FunctionDef | None

    def put(self, node: Any) -> None:
        if self.at is None:
            setattr(self.holder, self.field, node)
        else:
            getattr(self.holder, self.field)[self.at] = node


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of one module (变异体); `lines` are those of what is changed, `on` the text of the first."""

    module: str
    tree: ast.Module
    place: Place
    new: Any
    lines: range
    on: str
    change: str


def file_of(module: str) -> Path:
    """Where `fields.register` or `fields` lies below hutong/law."""
    file = LAW.joinpath(*module.split("."))
    return file / "__init__.py" if file.is_dir() else file.with_suffix(".py")


def mutants_of(module: str, text: str) -> Iterator[Mutant]:
    """All mutants of a module, in the order of its lines."""
    tree, rows = ast.parse(text), text.splitlines()
    for place in _places(tree, None):
        is_part = not isinstance(place.node, ast.stmt) and isinstance(place.holder, ast.expr)
        shown = place.holder if is_part or not hasattr(place.node, "lineno") else place.node
        for new in _changes(place):
            before = ast.unparse(shown)
            place.put(new)
            change = f"{before} → {ast.unparse(new if shown is place.node else shown)}"
            place.put(place.node)
            lines = range(shown.lineno, shown.end_lineno + 1)
            yield Mutant(module, tree, place, new, lines, rows[shown.lineno - 1].strip(), change)


def _places(holder: ast.AST, function: ast.FunctionDef | None) -> Iterator[Place]:
    for field, value in ast.iter_fields(holder):
        for at, node in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(node, ast.AST) and field not in UNTOUCHED:
                yield Place(holder, field, at, node, function)
                yield from _places(node, node if isinstance(node, ast.FunctionDef) else function)


def _changes(place: Place) -> Iterator[Any]:
    """What may stand in the place of a node instead."""
    node = place.node
    yield from (kind() for kind in OPERATORS.get(type(node), ()))
    match node:
        case ast.Constant(value=bool(said)):
            yield ast.Constant(not said)
        case ast.Constant(value=int(said)):
            yield from (ast.Constant(said + 1), ast.Constant(said - 1))
        case ast.UnaryOp(op=ast.Not()):
            yield node.operand
        case ast.Name(id=name) if name in NAMES:
            yield ast.Name(NAMES[name], ast.Load())
        case ast.Return(value=value) if value and not (isinstance(value, ast.Constant) and not value.value):
            yield from _other_returns(value, place.function)
        case ast.Expr(value=value) if not isinstance(value, ast.Constant):
            yield ast.Pass()
        case _ if isinstance(node, LEFT_OUT):
            yield ast.Pass()
    is_condition = place.field == "test" or (place.field == "ifs" and isinstance(place.holder, ast.comprehension))
    if is_condition and not _turns_itself(node):
        yield ast.UnaryOp(ast.Not(), node)


def _other_returns(value: ast.expr, function: ast.FunctionDef | None) -> Iterator[ast.Return]:
    if not (function and isinstance(function.returns, ast.Name) and function.returns.id == "bool"):
        yield ast.Return(ast.Constant(None))
    elif not _turns_itself(value):
        yield ast.Return(ast.UnaryOp(ast.Not(), value))


def _turns_itself(node: ast.AST) -> bool:
    """Whether some other change of it is its negation."""
    is_not = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)
    return is_not or isinstance(node, ast.Constant) or (isinstance(node, ast.Compare) and len(node.ops) == 1)
