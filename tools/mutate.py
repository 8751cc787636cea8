#!/usr/bin/env python
"""Whether tests/law notice a change of hutong/law: `tools/mutate.py [module …]` writes proof/results/mutation.json.

Each mutant is tried in a process of its own that takes the law anew, by the tests that run its line, the quick ones
first. One that cannot be imported is not counted; one that never ends is noticed. tests/law/equivalent_mutants.yaml
says why a survivor means the same as the law does; it counts as a survivor nonetheless.
"""

import ast
import gc
import json
import os
import pickle
import signal
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from importlib.machinery import SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType
from typing import Any

import hypothesis
import pytest
import yaml
from mutants import LAW, Mutant, file_of, mutants_of

ROOT = LAW.parents[1]
TESTS, RESULT = ROOT / "tests" / "law", ROOT / "proof" / "results" / "mutation.json"
EQUIVALENT, INIT = TESTS / "equivalent_mutants.yaml", LAW / "__init__.py"
WANTED, WORKERS, SECONDS, EXAMPLES, ENOUGH = 90, 2, 15, 25, 50  # ENOUGH: how often a test is watched in one function
SURVIVED, KILLED, STILLBORN = 0, 1, 99
QUIET = ["-qq", "-p", "no:cacheprovider", "-p", "no:unraisableexception", "-p", "no:threadexception"]
QUIET += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
ANEW = ("hutong.law", "hutong.console", "tests.law")
read_anew, texts = yaml.load, {}


class Coverage:
    """Which tests run which lines of the law, and for how long; its caches are empty where a file of tests begins."""

    def __init__(self) -> None:
        self.tests: dict[tuple[str, int], set[str]] = defaultdict(set)
        self.seconds: dict[str, float] = {}
        self._test, self._entered = "", Counter[CodeType]()

    def pytest_collection(self) -> None:
        suite, phases = hypothesis.settings.get_profile("suite"), (hypothesis.Phase.explicit, hypothesis.Phase.generate)
        hypothesis.settings.register_profile("mutants", suite, phases=phases, max_examples=EXAMPLES)
        hypothesis.settings.load_profile("mutants")

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        if file_in(item.nodeid) != file_in(self._test):
            forget()
        self._test, begun = item.nodeid, time.perf_counter()
        self._entered.clear()
        sys.settrace(self._enter)
        yield
        sys.settrace(None)
        self.seconds[item.nodeid] = time.perf_counter() - begun

    def _enter(self, frame: Any, _event: str, _argument: Any) -> Any:
        if not frame.f_code.co_filename.startswith(str(LAW)):
            return None
        self._entered[frame.f_code] += 1
        return self._line if self._entered[frame.f_code] <= ENOUGH else None

    def _line(self, frame: Any, event: str, _argument: Any) -> Any:
        if event == "line":
            self.tests[frame.f_code.co_filename, frame.f_lineno].add(self._test)
        return self._line

    def able(self, mutant: Mutant, importing: set[str]) -> dict[str, int]:
        """The tests that can tell of a mutant: those that run its line, then the others of files that come near it."""
        exact, near = self._running(mutant, mutant.lines), set()
        if function := mutant.place.function:
            near = {file_in(test) for test in self._running(mutant, range(function.lineno, function.end_lineno + 1))}
        able = [test for test in self.seconds if file_in(test) in (near or importing)]
        able.sort(key=lambda test: (test not in exact, mutant.module not in test, self.seconds[test]))
        return {test: at for at, test in enumerate(able)}

    def _running(self, mutant: Mutant, lines: range) -> set[str]:
        return set().union(*(self.tests[str(file_of(mutant.module)), line] for line in lines))


class Selection:
    """Keeps some tests in their order, gives each its seconds, and ends the process with the first that fails."""

    def __init__(self, order: dict[str, int]) -> None:
        self._order = order

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = sorted((one for one in items if one.nodeid in self._order), key=lambda one: self._order[one.nodeid])

    def pytest_runtest_setup(self) -> None:
        signal.alarm(SECONDS)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            os._exit(KILLED)


class Changed(SourceFileLoader):
    """Gives one module the code of a mutant; asked before all other finders of modules."""

    def __init__(self, mutant: Mutant) -> None:
        super().__init__("hutong.law." + mutant.module, str(file_of(mutant.module)))
        self._tree = mutant.tree
        mutant.place.put(mutant.new)

    def find_spec(self, name: str, _path: Any, _target: Any = None) -> Any:
        return spec_from_file_location(name, self.path, loader=self) if name == self.name else None

    def get_code(self, _name: str) -> Any:
        return compile(ast.fix_missing_locations(self._tree), self.path, "exec")


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def file_in(test: str) -> str:
    return test.partition("::")[0]


def read_once(text: str, *, Loader: type) -> Any:
    """What YAML says in a text: the law is taken anew for each mutant, its values need not be."""
    if text not in texts:
        texts[text] = pickle.dumps(read_anew(text, Loader=Loader))
    return pickle.loads(texts[text])


def forget() -> None:
    for module in [module for name, module in sys.modules.items() if name.startswith("hutong.law")]:
        for cached in [one for one in vars(module).values() if hasattr(one, "cache_clear")]:
            cached.cache_clear()


def importing(module: str) -> set[str]:
    """The files of tests that import a module, by way of others or themselves."""
    files = {_name(file): file for file in [*LAW.rglob("*.py"), *TESTS.glob("test_*.py")]}
    imports, known, before = {name: set(_imports(file)) for name, file in files.items()}, {"hutong.law." + module}, 0
    while len(known) != before:
        before = len(known)
        known |= {name for name in files if imports[name] & known}
    return {files[name].relative_to(ROOT).as_posix() for name in known if name.startswith("tests.")}


def _name(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (node.module, *(f"{node.module}.{one.name}" for one in node.names))


def judge(mutant: Mutant | None, order: dict[str, int]) -> int:
    """Tries one mutant, in a process of its own; none is the law as it stands."""
    if not order:
        return SURVIVED
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(1, 2)
    for name in [name for name in sys.modules if name.startswith(ANEW)]:
        del sys.modules[name]
    if mutant:
        yaml.load = read_anew if mutant.module == "texts" else read_once
        signal.alarm(SECONDS)
        sys.meta_path.insert(0, Changed(mutant))
        try:
            __import__("hutong.law." + mutant.module)
        except Exception:
            return STILLBORN
    folder = tempfile.mkdtemp(dir=os.environ["HUTONG_DATA"])
    files = sorted({file_in(test) for test in order})
    return int(pytest.main([*QUIET, "--basetemp", folder, *files], plugins=[Selection(order)]))


def fork(mutant: Mutant | None, order: dict[str, int]) -> int:
    process = os.fork()
    if process == 0:
        result = 98
        try:
            result = judge(mutant, order)
        finally:
            os._exit(result)
    return process


def verdicts(mutants: list[Mutant], seen: Coverage) -> Iterator[tuple[Mutant, int]]:
    files, running = {module: importing(module) for module in {one.module for one in mutants}}, {}
    for mutant in mutants:
        if len(running) == WORKERS:
            yield _ended(running)
        running[fork(mutant, seen.able(mutant, files[mutant.module]))] = mutant
    while running:
        yield _ended(running)


def _ended(running: dict[int, Mutant]) -> tuple[Mutant, int]:
    process, status = os.wait()
    code = os.waitstatus_to_exitcode(status)
    if code in (3, 4, 98):
        raise SystemExit(f"{running[process]} could not be tried: {code}")
    return running.pop(process), code if code in (SURVIVED, STILLBORN) else KILLED


class Report:
    """The counts by module and the survivors (变异报告), some of them with why they are none."""

    def __init__(self, modules: list[str]) -> None:
        self._counts: dict[str, Counter[int]] = {module: Counter() for module in modules}
        said = yaml.load(EQUIVALENT.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
        self._why = {(one["module"], one["on"], one["change"]): one["why"] for one in said}
        self._survivors: list[dict[str, Any]] = []

    def add(self, mutant: Mutant, result: int) -> None:
        self._counts[mutant.module][result] += 1
        if result == SURVIVED:
            said = {"module": mutant.module, "line": mutant.lines.start, "on": mutant.on, "change": mutant.change}
            why = self._why.get((mutant.module, mutant.on, mutant.change))
            self._survivors.append(said | ({"equivalent": why} if why else {}))
            if not why:
                say(f"{mutant.module}:{mutant.lines.start}: {mutant.on}\n    {mutant.change}")

    def write(self) -> float:
        """The score of all together."""
        total: Counter[int] = sum(self._counts.values(), Counter())
        said = {module: _counted(counts) for module, counts in self._counts.items() if counts}
        for module, one in [*said.items(), ("total", _counted(total))]:
            say(f"{module:22}" + "".join(f"  {name} {number}" for name, number in one.items()))
        equivalent = sum("equivalent" in one for one in self._survivors)
        document = _counted(total) | {"equivalent": equivalent, "modules": said, "survivors": self._survivors}
        RESULT.parent.mkdir(parents=True, exist_ok=True)
        RESULT.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        return _counted(total)["score"] or 100


def _counted(counts: Counter[int]) -> dict[str, Any]:
    tried = counts[KILLED] + counts[SURVIVED]
    score = round(100 * counts[KILLED] / tried, 1) if tried else None
    return {"mutants": tried, "killed": counts[KILLED], "survived": counts[SURVIVED], "score": score}


def main(modules: list[str]) -> int:
    """Tries the mutants of some modules, or of all."""
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    modules = modules or sorted(_name(file).removeprefix("hutong.law.") for file in LAW.rglob("*.py") if file != INIT)
    report, seen, yaml.load = Report(modules), Coverage(), read_once
    if pytest.main([*QUIET, str(TESTS)], plugins=[seen]):
        sys.exit("the tests fail as it is")
    gc.collect()
    gc.freeze()
    if os.waitpid(fork(None, {test: at for at, test in enumerate(seen.seconds)}), 0)[1]:
        sys.exit("the tests fail where the law is taken anew")
    mutants = [one for module in modules for one in mutants_of(module, file_of(module).read_text(encoding="utf-8"))]
    for mutant, result in verdicts(mutants, seen):
        report.add(mutant, result)
    return 0 if report.write() >= WANTED else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
