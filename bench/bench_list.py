"""Pages over a million children: a list against a bare page of the same server, and search as you type.

The peer is a page of the same Django with the same middleware, session and frame and nothing in it, asked in turn
with the pages that are measured, by the officer of the largest county. What is typed is drawn from the children there.
"""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from random import Random
from urllib.parse import urlencode

from bench.million import CHILDREN, DATA, LARGEST_COUNTY, PASSWORD, TODAY, million  # first: it sets Django up
from hutong.registry.models import Child, Guardian

PORT = 8419
TIMES, WARM_UP = 300, 20
LIST_RATIO, SEARCH_MS = 5, 500
LISTS = {
    "bare page": "/bare/",
    "healthz": "/healthz",
    "list": "/children/",
    "list, page 40": "/children/?page=40",
    "list, category": "/children/?category=orphan_kin",
    "list, age and category": "/children/?category=left_behind&age=6-11",
    "list, township": "/children/?division=640422100000",
    "list, without ID number": "/children/?without_id=on",
}


class Browser:
    """One kept connection with its cookies (浏览器)."""

    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self._cookies: dict[str, str] = {}
        self.token = ""

    def get(self, path: str) -> str:
        """The text of a page. Raises SystemExit unless it answers 200."""
        return self._ask("GET", path)

    def post(self, path: str, **said: str) -> str:
        """The text of an answer to a form."""
        return self._ask("POST", path, urlencode(said))

    def _ask(self, method: str, path: str, body: str | None = None) -> str:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body is not None:
            headers |= {"X-CSRFToken": self.token, "Content-Type": "application/x-www-form-urlencoded"}
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        text = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        if answer.status not in (200, 302):
            raise SystemExit(f"{method} {path} answers {answer.status}")
        return text

    def sign_in(self) -> None:
        """As the county officer."""
        form = self.get("/sign-in/")
        self.token = re.findall(r'csrfmiddlewaretoken" value="(\w+)"', form)[0]
        self.post("/sign-in/", username="officer", password=PASSWORD)
        self.token = re.findall(r'"X-CSRFToken": "(\w+)"', self.get("/bare/"))[0]


@contextmanager
def served() -> Iterator[Browser]:
    """`hutong serve` over the million, and a browser that has signed in."""
    environment = {**os.environ, "HUTONG_PORT": str(PORT), "HUTONG_DATA": str(DATA), "HUTONG_TODAY": TODAY.isoformat()}
    command = [sys.executable, "-m", "hutong.console.main", "serve"]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        if "http://" not in server.stdout.readline():
            raise SystemExit("the server did not start")
        browser = Browser(PORT)
        browser.sign_in()
        yield browser
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=90)


def typed() -> dict[str, list[str]]:
    """What people type, by kind (查找词): drawn from the children of the county."""
    chance = Random(3)
    here = Child.objects.filter(responsible_code__startswith=LARGEST_COUNTY)
    some = list(here.filter(id__in=chance.sample(range(1, CHILDREN), 20_000))[:TIMES])
    phones = Guardian.objects.filter(child__in=some, phone_index__isnull=False)
    words: dict[str, list[str]] = {
        "ID number": [child.id_number.open() for child in some if child.id_number],
        "phone": [guardian.phone.open() for guardian in phones],
        "file number": [child.file_number for child in some],
    }
    for length in (1, 2, 3):
        words[f"{length} of a name, from the start"] = [child.name[:length] for child in some]
        words[f"{length} of a name, from inside"] = [child.name[-length:] for child in some]
        words[f"{length} of pinyin"] = [child.pinyin[:length] for child in some]
        words[f"{length} of initials"] = [child.initials[:length] for child in some]
    words["whole pinyin"] = [child.pinyin for child in some]
    return words


def measure(browser: Browser, words: dict[str, list[str]]) -> dict[str, dict[str, float]]:
    """Milliseconds by page: every round asks each page once, so that what disturbs one disturbs all."""
    asks: dict[str, Callable[[int], str]] = {name: _getting(browser, path) for name, path in LISTS.items()}
    asks |= {f"find: {kind}": _typing(browser, "/children/find/", said) for kind, said in words.items()}
    asks["find: a place"] = _picking(browser)
    took: dict[str, list[float]] = {name: [] for name in asks}
    for at in range(WARM_UP + TIMES):
        for name, ask in asks.items():
            began = time.perf_counter()
            ask(at)
            if at >= WARM_UP:
                took[name].append((time.perf_counter() - began) * 1000)
    return {name: _percentiles(spans) for name, spans in took.items()}


def _getting(browser: Browser, path: str) -> Callable[[int], str]:
    return lambda at: browser.get(path)


def _typing(browser: Browser, path: str, said: list[str]) -> Callable[[int], str]:
    return lambda at: browser.post(path, q=said[at % len(said)])


def _picking(browser: Browser) -> Callable[[int], str]:
    said = ["x", "xj", "xjx", "吉", "吉强", "jiqiang", "640422", "镇", "村"]
    return lambda at: browser.get(f"/places/?{urlencode({'q': said[at % len(said)]})}")


def _percentiles(spans: list[float]) -> dict[str, float]:
    ordered = sorted(spans)
    return {f"p{part}": round(ordered[min(len(ordered) - 1, len(ordered) * part // 100)], 2) for part in (50, 95, 99)}


def main() -> None:
    """Prints what was measured."""
    with million():
        words = typed()
        with served() as browser:
            found = measure(browser, words)
    bare = found["bare page"]
    for name, spans in found.items():
        if name.startswith("list"):
            spans["times_bare_p99"] = round(spans["p99"] / bare["p99"], 2)
    document = {
        "children": CHILDREN,
        "requests_each": TIMES,
        "milliseconds": found,
        "worst_list_times_bare_p99": max(spans.get("times_bare_p99", 0) for spans in found.values()),
        "list_wanted_at_most": LIST_RATIO,
        "worst_search_p95": max(spans["p95"] for name, spans in found.items() if name.startswith("find")),
        "search_wanted_at_most": SEARCH_MS,
    }
    sys.stdout.write(json.dumps(document, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
