"""The lock files: no registry is named in them, every package has its hashes, and the two lists agree."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LISTS = ("requirements.txt", "requirements-dev.txt", "requirements-bench.txt")
PIN = re.compile(
    r"(?P<name>[\w.-]+)==(?P<version>[\w.!+]+)(?: ; (?P<marker>.+?))?(?P<hashes>(?: --hash=sha256:[0-9a-f]{64})+)"
)
ADDRESS = re.compile(r"\w+://|\bwww\.|--(?:extra-)?index-url|--find-links|^-[if]\b|^registry\s*=", re.MULTILINE)


def requirements(name: str) -> list[str]:
    """One line a package, its continued lines joined."""
    text = (ROOT / name).read_text().replace("\\\n", "")
    return [" ".join(line.split()) for line in text.splitlines() if line.strip() and not line.startswith("#")]


def pins(name: str) -> set[tuple[str, str, str]]:
    """Name, version and marker of every package in a list."""
    found = [PIN.fullmatch(line) for line in requirements(name)]
    return {(pin["name"], pin["version"], pin["marker"] or "") for pin in found if pin}


@pytest.mark.parametrize("name", [*LISTS, "pyproject.toml", ".npmrc", "package.json", "package-lock.json"])
def test_no_registry_is_named(name):
    found = ADDRESS.search((ROOT / name).read_text())

    assert found is None, f"{name} names an address: {found and found[0]}"


def test_lock_files_that_record_addresses_are_not_there():
    assert not [name for name in ("uv.lock", "pylock.toml", "yarn.lock") if (ROOT / name).exists()]


@pytest.mark.parametrize("name", LISTS)
def test_every_package_is_pinned_with_hashes(name):
    assert requirements(name)
    for line in requirements(name):
        assert PIN.fullmatch(line), f"{name}: {line[:80]}"


@pytest.mark.parametrize("name", LISTS[1:])
def test_every_list_holds_the_product_list(name):
    assert pins("requirements.txt") <= pins(name)


def test_what_is_declared_is_locked_within_its_bounds():
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = declared["dependency-groups"]
    lists = zip(LISTS, (declared["project"]["dependencies"], groups["dev"], groups["bench"]), strict=True)
    for name, wanted in lists:
        locked = {canonicalize_name(package): version for package, version, _marker in pins(name)}
        for requirement in map(Requirement, wanted):
            version = locked.get(canonicalize_name(requirement.name))
            assert version and requirement.specifier.contains(version), f"{name}: {requirement} is locked as {version}"


def test_npm_packages_have_hashes_and_no_source():
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    for path, package in packages.items():
        assert "resolved" not in package, f"{path} says where it came from"
        assert not path or package["integrity"].startswith("sha512-"), path


def test_npm_is_told_to_leave_addresses_out():
    assert "omit-lockfile-registry-resolved=true" in (ROOT / ".npmrc").read_text().split()
