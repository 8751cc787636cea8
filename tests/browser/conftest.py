"""The product as a visitor meets it: `hutong serve` over a small demonstration, and the machine's own Chromium."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
HUTONG = str(Path(sys.executable).with_name("hutong"))
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
CHILDREN = 2200
PASSWORD = "a-quiet-long-word"
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here needs the browser."""
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The surroundings of an installation with a port, a database and keys of its own."""
    unwanted = ("DATABASE_URL", "HUTONG_OWNER_URL")
    return {name: value for name, value in os.environ.items() if name not in unwanted} | {
        "HUTONG_DATA": str(tmp_path_factory.mktemp("site")),
        "HUTONG_PORT": str(free_port()),
        "HUTONG_TODAY": "2026-11-24",
    }


@pytest.fixture(scope="package")
def site(environment: dict[str, str]) -> Iterator[str]:
    """The address of a served demonstration."""
    for command in (["migrate"], ["demo", "--children", str(CHILDREN)]):
        subprocess.run([HUTONG, *command], env=environment, check=True, capture_output=True, timeout=180)
    server = subprocess.Popen([HUTONG, "serve"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    port = int(environment["HUTONG_PORT"])
    _wait(port, server)
    yield f"http://127.0.0.1:{port}"
    server.send_signal(signal.SIGINT)
    server.communicate(timeout=60)


Appointer = Callable[[str, str, str], None]


@pytest.fixture(scope="package")
def appoint(site: str, environment: dict[str, str]) -> Appointer:
    """Appoints somebody who is not of the demonstration: user name, role, code of the place."""

    def appointed(username: str, role: str, division: str) -> None:
        person = ["--name", "尹清和", "--organisation", "永宁县民政局", "--role", role, "--division", division]
        command = [HUTONG, "appoint", username, *person]
        subprocess.run(command, env=environment, input=PASSWORD, text=True, check=True, capture_output=True, timeout=60)

    return appointed


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert server.poll() is None, server.stderr and server.stderr.read().decode()
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.2)
        finally:
            connection.close()
    raise AssertionError("the product did not come up")


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium, where the machine has one; gone before other tests, for whom its event loop would be in the way."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: install the package chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield started
        started.close()


Opener = Callable[..., Page]


@pytest.fixture
def be(browser: Browser, site: str) -> Iterator[Opener]:
    """Opens a page as somebody of the demonstration; a console error or a broken policy fails the test."""
    contexts, complaints = [], []

    def open_as(username: str | None = None, size: dict[str, int] = WIDE) -> Page:
        context = browser.new_context(viewport=size, locale="zh-CN", base_url=site)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        if username:
            page.goto("/choose/")
            page.locator(f'form:has(input[value="{username}"]) button').click()
            page.wait_for_url("**/")
        return page

    yield open_as
    for context in contexts:
        context.close()
    expected = ("404 (Not Found)", "422 (Unprocessable")
    assert not [said for said in complaints if not any(word in said for word in expected)]


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """Fails when axe finds a breach of accessibility on the page, or the page is wider than the window."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed: make check installs it")

    def look(page: Page) -> None:
        page.wait_for_load_state()
        page.evaluate(AXE.read_text())
        found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
        told = [f"{one['id']}: {[node['html'][:160] for node in one['nodes'][:3]]}" for one in found]
        assert not told, f"{page.url}: {told}"
        width = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert width[0] <= width[1], f"{page.url} is wider than its window: {width}"

    return look
