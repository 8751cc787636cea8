"""A thousand planted values: none stands in an address, a title, a page nobody had it shown on, a log or a file.

A served installation of its own, filled by its own pages, crawled as six people, its keys changed; then everything it
has written is read. Three things are said on purpose to whoever may see them: the words of a change on the page of
changes, the words of a purpose where it stands who looked, and the name of a workbook on the page of its rows.
"""

import base64
import html
import json
import os
import re
import signal
import subprocess
import sys
import time
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import unquote, urlencode, urljoin, urlsplit
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, OpenerDirector, Request, build_opener

import psycopg
import pytest
from PIL import Image
from psycopg import sql

from hutong.gateways.embedded_postgres import EmbeddedPostgres
from hutong.law.identity import check_character
from tests import factories as make
from tests.ports import free_port

pytestmark = [pytest.mark.slow, pytest.mark.embedded]
CONSOLE = [sys.executable, "-m", "hutong.console.main"]
TODAY, PASSWORD, CHILDREN, IN_DEPTH = "2026-11-24", "hutong-demo-2026", 50, 3
PEOPLE = {
    "officer": "yongning-officer", "approver": "yongning-approver", "supervisor": "lijun-supervisor",
    "director": "lijun-director", "institution": "yongning-institution", "overseer": "ningxia-officer",
}  # fmt: skip
WORD = "朱鹮"
PLANTED = re.compile(rf"{WORD}[\u4e00-\u9fff]\d{{3}}|9977\d{{13}}[\dX]|1990773\d{{4}}|62177799\d{{11}}")
IN_FILES = [
    re.compile(b"9977\\d{13}[\\dX]"), re.compile(b"1990773\\d{4}"), re.compile(b"62177799\\d{11}"),
    *(re.compile(re.escape(WORD.encode(coding))) for coding in ("utf-8", "gbk", "utf-16-le", "utf-16-be")),
]  # fmt: skip
IN_ROWS = "|".join(
    [WORD, WORD.encode().hex(), r"\m9977\d{13}", r"\m1990773\d{4}", r"\m62177799\d{11}"]
    + [rf"{start.encode().hex()}(3\d){{{rest}}}" for start, rest in (("9977", 13), ("1990773", 4), ("62177799", 11))]
)
KINDS = {
    "address": "甲", "note": "乙", "health": "丙", "secret": "丁", "name of a file": "戊", "inside a file": "己",
    "paper": "庚", "search": "辛", "moved": "壬", "change": "癸", "purpose": "子", "naming": "丑", "import": "寅",
    "workbook": "卯",
}  # fmt: skip
TOLD = {
    KINDS["change"]: r"/children/[^/]+/changes/|/moves/\d+/",
    KINDS["purpose"]: r"/children/[^/]+/(looks/)?|/looks/",
    KINDS["workbook"]: r"/imports/\d+/",
}
"""Words that are said on these pages to whoever may see them."""
PASSED = re.compile(r"/static/|/language/|/choose/|/sign-|.*/papers/\d+/$|.*/marked/|.*/template/")
FILE_NUMBER = re.compile(r"/children/(64-[0-9A-Z-]+)/")


def word(kind: str, at: int) -> str:
    return f"{WORD}{KINDS[kind]}{at:03d}"


def number(at: int, born: str = "20150307") -> str:
    """A number of identity of a girl that nobody else of the installation has."""
    body = f"9977{at // 400:02d}{born}{at % 400 * 2:03d}"
    return body + check_character(body)


def phone(at: int) -> str:
    return f"1990773{at:04d}"


def card(at: int) -> str:
    return f"62177799{at:011d}"


class _Stay(HTTPRedirectHandler):
    """Nothing is followed: an address that is told is looked at first."""

    def redirect_request(self, *_said: object) -> None:
        return None


@dataclass
class Page:
    """What was answered."""

    status: int
    body: bytes
    location: str = ""

    @property
    def text(self) -> str:
        return html.unescape(self.body.decode(errors="replace"))

    @property
    def title(self) -> str:
        return "".join(re.findall(r"<title>(.*?)</title>", self.text, re.DOTALL))


@dataclass
class Visitor:
    """Somebody with a browser; every address and every title is kept."""

    house: "House"
    opener: OpenerDirector = field(default_factory=lambda: build_opener(HTTPCookieProcessor(), _Stay()))

    def get(self, path: str) -> Page:
        return self._ask(Request(urljoin(self.house.root, path)))

    def post(self, path: str, said: dict[str, object], files: dict[str, tuple[str, bytes]] | None = None) -> Page:
        said = {"csrfmiddlewaretoken": self._token()} | said
        coded, kind = _form(said, files) if files else (urlencode(said, doseq=True).encode(), "")
        request = Request(urljoin(self.house.root, path), coded)
        request.add_header("Content-Type", kind or "application/x-www-form-urlencoded")
        return self._ask(request)

    def done(self, path: str, said: dict[str, object], files: dict[str, tuple[str, bytes]] | None = None) -> str:
        """Posts what has to be taken; where it leads."""
        page = self.post(path, said, files)
        wrong = re.findall(r'<div class="errors.*?</div>\s*</div>', page.text, re.DOTALL)
        assert page.status == 302, f"{path}: {page.status} {re.sub('<[^>]*>', ' ', ' '.join(wrong))}"
        return page.location

    def _token(self) -> str:
        for handler in self.opener.handlers:
            for cookie in getattr(handler, "cookiejar", ()):
                if cookie.name == "csrftoken":
                    return str(cookie.value)
        return ""

    def _ask(self, request: Request) -> Page:
        request.add_header("Referer", self.house.root)
        try:
            with self.opener.open(request, timeout=120) as answer:
                page = Page(answer.status, answer.read(), "")
        except HTTPError as error:
            page = Page(error.code, error.read(), error.headers.get("Location", ""))
        self.house.addresses += [request.full_url, page.location]
        self.house.titles.append(page.title)
        return page


def _form(said: dict[str, object], files: dict[str, tuple[str, bytes]]) -> tuple[bytes, str]:
    """A form with files, as a browser sends it."""
    edge, parts = "----canary", b""
    for name, value in said.items():
        parts += f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
    for name, (called, content) in files.items():
        head = f'--{edge}\r\nContent-Disposition: form-data; name="{name}"; filename="{called}"\r\n'
        parts += f"{head}Content-Type: application/octet-stream\r\n\r\n".encode() + content + b"\r\n"
    return parts + f"--{edge}--\r\n".encode(), f"multipart/form-data; boundary={edge}"


@dataclass
class House:
    """A served installation, and all that it told."""

    data: Path
    root: str
    environment: dict[str, str]
    log: Path
    addresses: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)

    def run(self, *arguments: str) -> str:
        done = subprocess.run(
            [*CONSOLE, *arguments], env=self.environment, capture_output=True, timeout=300, check=False
        )
        assert done.returncode == 0, done.stderr.decode()
        with self.log.open("ab") as log:
            log.write(done.stdout + done.stderr)
        return done.stdout.decode()

    def database(self) -> psycopg.Connection:
        return psycopg.connect(EmbeddedPostgres(self.data / "postgres").url("hutong_owner"), autocommit=True)

    def sign_in(self, who: str) -> Visitor:
        visitor = Visitor(self)
        visitor.get("/sign-in/")
        visitor.done("/sign-in/", {"username": PEOPLE[who], "password": PASSWORD})
        return visitor


@pytest.fixture
def house(tmp_path: Path) -> Iterator[tuple[House, subprocess.Popen[bytes]]]:
    port = free_port()
    unwanted = ("DATABASE_URL", "HUTONG_OWNER_URL")
    kept = {name: value for name, value in os.environ.items() if name not in unwanted}
    more = {"HUTONG_DATA": str(tmp_path / "data"), "HUTONG_PORT": str(port), "HUTONG_TODAY": TODAY}
    here = House(tmp_path / "data", f"http://127.0.0.1:{port}/", kept | more, tmp_path / "serve.log")
    here.run("migrate")
    here.run("demo", "--children", "200")
    with here.log.open("ab") as log:
        server = subprocess.Popen([*CONSOLE, "serve"], env=here.environment, stdout=log, stderr=log)
    try:
        _wait(here, server)
        yield here, server
    finally:
        _stop(server)


def _wait(here: House, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert server.poll() is None, here.log.read_text()
        try:
            if Visitor(here).get("/healthz").status == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the product did not come up")


def _stop(server: subprocess.Popen[bytes]) -> None:
    if server.poll() is None:
        server.send_signal(signal.SIGINT)
        server.wait(90)


@dataclass
class Planting:
    """What was planted, and in whose files."""

    values: set[str] = field(default_factory=set)
    files: list[str] = field(default_factory=list)

    def __call__(self, value: str) -> str:
        self.values.add(value)
        return value


def plant(officer: Visitor, village: str, at: int, planted: Planting) -> None:
    """One child with all that may be said of it; every value is new."""
    own, said = number(at), planted
    entered = {
        "name": "柳不可见", "sex": "2", "birth_date": "2015-03-07", "id_number": said(own),
        "living_division": village, "living_address": said(word("address", at)), "category": ["dibao"],
        "guardian_name": "柳桂兰", "guardian_relation": "62", "guardian_id_number": said(number(1000 + at, "19600307")),
        "guardian_phone": said(phone(at)), "words": said(word("change", at)), "is_another": "on", "checked": "1",
    }  # fmt: skip
    file = urlsplit(officer.done("/children/enter/", entered)).path
    revision = int(re.findall(r'name="revision" value="(\d+)"', officer.get(f"{file}record/study/").text)[0])

    def change(path: str, **typed: object) -> None:
        nonlocal revision
        more = {"reason": "happened", "words": said(word("change", 100 + len(said.values) % 900)), "revision": revision}
        officer.done(f"{file}{path}", more | {"checked": "1"} | typed)
        revision += 1

    change(
        "record/parent/",
        role="mother",
        name="柳素云",
        id_number=said(number(2000 + at, "19850307")),
        phone=said(phone(1000 + at)),
    )
    mother = re.findall(r"parent=(\d+)", officer.get(f"{file}family/").text)[0]
    change(
        f"record/circumstance/?parent={mother}", kind="imprisoned", from_on="2024-01-01", note=said(word("note", at))
    )
    disabled = {"kind": "disability", "disability_class": "visual", "grade": "3", "certificate": said(own + "13")}
    change("record/circumstance/", from_on="2024-01-01", note=said(word("note", 100 + at)), **disabled)
    for kind, sensitivity in (("health", "sensitive"), ("secret", "secret")):
        saying = said(word(kind, at))
        change("record/health/", kind="other", sensitivity=sensitivity, saying=saying, from_on="2024-01-01")
    holder = {"kind": "person", "name": "柳素云", "id_number": said(number(3000 + at, "19850307"))}
    change("payee/", card=said(card(at)), bank_name="农业银行", is_sure="on", **holder)
    officer.done(f"{file}purpose/", {"reason": "other", "words": said(word("purpose", at)), "next": f"{file}alter/"})
    assert own in officer.get(f"{file}alter/").text
    change("alter/", **{name: entered[name] for name in ("name", "sex", "birth_date", "id_number", "living_division")},
           living_address=said(word("moved", at)))  # fmt: skip
    paper = {"kind": "court_judgment", "note": said(word("paper", at))}
    inside, called = said(word("inside a file", at)), said(word("name of a file", at))
    officer.done(f"{file}papers/add/", paper, {"file": (f"{called}.jpg", picture(inside, at))})
    assert own in officer.post(f"{file}reveal/child-id_number/0/", {}).text
    officer.get(officer.done("/children/search/", {"q": said(word("search", at))}))
    said.files.append(file)


def picture(inside: str, at: int) -> bytes:
    target = BytesIO()
    Image.new("RGB", (40, 30), (at, 90, 160)).save(target, "JPEG", comment=inside.encode())
    return target.getvalue()


def plant_the_rest(house: House, officer: Visitor, village: str, planted: Planting) -> None:
    """A sealed part, a move, a refusal, a workbook with bad rows, forms with errors, a page that fails."""
    said, (first, second, third, *_more) = planted, planted.files
    approver = house.sign_in("approver")
    revision = int(re.findall(r'name="revision" value="(\d+)"', officer.get(f"{first}close/").text)[0])
    orphan = {"category": "orphan_kin", "from_on": TODAY, "reason": "happened", "words": said(word("change", 990))}
    officer.done(f"{first}categories/new/", orphan | {"revision": revision})
    proposed = re.findall(rf"{first}changes/\d+/", approver.get(f"{first}changes/").text)[0]
    approver.done(proposed, {"confirm": "1"})
    officer.done(f"{first}seal/", {"basis": "hiv", "reason": said(word("naming", 1))})
    assert word("secret", 0) in officer.post(f"{first}secret/", {}).text
    move = {"to_code": make.VILLAGE, "living_code": make.VILLAGE, "address": said(word("moved", 990))}
    move |= {"reason": "family_moved", "words": said(word("change", 991)), "checked": "1"}
    revision = int(re.findall(r'name="revision" value="(\d+)"', officer.get(f"{second}move/").text)[0])
    officer.done(f"{second}move/", move | {"revision": revision})
    for at in range(20):  # what is typed and refused
        typed = {
            "id_number": said(make.wrong_last(number(4000 + at))),
            "living_address": said(word("address", 800 + at)),
        }
        typed |= {
            "guardian_phone": said(f"1990773{9000 + at}"),
            "words": said(word("change", 900 + at)),
            "checked": "1",
        }
        assert officer.post("/children/enter/", typed).status == 422
        assert officer.post(f"{third}alter/", typed).status == 422
        assert officer.post(f"{third}payee/", {"card": said(card(900 + at))}).status == 422
        officer.get(officer.done("/children/search/", {"q": said(number(5000 + at))}))
    rows = [
        make.line(
            living_division=village, id_number=said(make.wrong_last(number(6000 + at))),
            guardian_phone=said(f"1990773{8000 + at}") + "0", living_address=said(word("import", at)),
        )
        for at in range(20)
    ]  # fmt: skip
    book = {"file": (f"{said(word('workbook', 0))}.xlsx", make.workbook(rows))}
    batch = officer.done("/imports/upload/", {"place": "640121"}, book)
    for _ in range(120):
        if "hx-trigger" not in officer.get(batch).text:
            break
        time.sleep(0.5)
    failing(house, officer, third, said)


def failing(house: House, officer: Visitor, file: str, said: Planting) -> None:
    """Pages that fail: a table is out of the way for a moment."""
    with house.database() as database:
        database.execute("ALTER TABLE registry_study RENAME TO elsewhere")
        typed = {"level": "compulsory", "school": said(word("address", 990)), "reason": "happened", "from_on": TODAY}
        typed |= {"words": said(word("change", 992)), "revision": "1"}
        broken = [officer.get(f"{file}life/").status, officer.post(f"{file}record/study/", typed).status]
        database.execute("ALTER TABLE elsewhere RENAME TO registry_study")
    assert broken[0] == 500, broken


def crawl(visitor: Visitor, start: list[str], files: set[str]) -> Iterator[tuple[str, Page]]:
    """Every page that a link leads to: of the list's files these alone, of each kind of page a few."""
    waiting, seen, kinds = list(start), set(start), Counter[str]()
    while waiting:
        path = waiting.pop(0)
        page = visitor.get(path)
        yield path, page
        links = (
            [page.location]
            if page.location
            else re.findall(r'(?:href|hx-get)="([^"#]+)', page.body.decode(errors="replace"))
        )
        for link in links:
            link = urljoin(path, html.unescape(link))
            file = FILE_NUMBER.match(link)
            kind = re.sub(r"\d+|said=\w+", "N", link[file.end() :] if file else link)
            is_other = bool(file) and link[: file.end()] not in files
            if link in seen or not link.startswith("/") or PASSED.match(link) or is_other or kinds[kind] > 5:
                continue
            seen.add(link)
            kinds[kind] += 1
            waiting.append(link)


def found_in(text: str, path: str) -> set[str]:
    """The planted values that stand in a page, less the words that this page is there to tell."""
    return {
        value for value in PLANTED.findall(text)
        if not (value.startswith(WORD) and re.fullmatch(TOLD.get(value[2], "-"), urlsplit(path).path))
    }  # fmt: skip


def rows_with_values(database: psycopg.Connection) -> dict[str, int]:
    """Tables in whose rows a value stands, sessions opened."""
    found = {}
    for (table,) in database.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall():
        query = sql.SQL("SELECT count(*) FROM {0} WHERE {0}::text ~ %s").format(sql.Identifier(table))
        found[table] = database.execute(query, [IN_ROWS]).fetchone()[0]
    for (coded,) in database.execute("SELECT session_data FROM django_session").fetchall():
        body = coded.split(":")[0]
        raw = base64.urlsafe_b64decode(body.lstrip(".") + "==")
        session = json.loads(zlib.decompress(raw) if body.startswith(".") else raw)
        found["sessions"] = found.get("sessions", 0) + bool(PLANTED.search(json.dumps(session, ensure_ascii=False)))
    return {table: count for table, count in found.items() if count}


def files_with(folder: Path, patterns: list[re.Pattern[bytes]]) -> dict[str, str]:
    """Files in which a pattern stands."""
    found = {}
    for file in sorted(folder.rglob("*")):
        if file.is_file() and not file.is_symlink():
            content = file.read_bytes()
            hits = [pattern.search(content) for pattern in patterns]
            found |= {str(file.relative_to(folder)): repr(hit[0]) for hit in hits if hit}
    return found


def test_no_planted_value_stands_where_nobody_may_read_it(house):
    here, server = house
    officer, planted = here.sign_in("officer"), Planting()
    with here.database() as database:
        owner = "SELECT g.prefixes[1] FROM accounts_posting g JOIN accounts_person p ON p.id = g.person_id"
        village = database.execute(f"{owner} WHERE p.username = %s", [PEOPLE["director"]]).fetchone()[0]
    for at in range(CHILDREN):
        plant(officer, village, at, planted)
    plant_the_rest(here, officer, village, planted)
    with here.database() as database:
        let_in(database, planted.files[:IN_DEPTH])
    shown = stand_in_pages(here, planted)
    assert shown == {}
    papers = [officer.get(path).body for path in papers_of(officer, planted.files[:5])]
    here.run("keys", "rotate")
    here.run("keys", "reindex")
    assert number(0) in after_the_keys(officer, planted.files[0])

    with here.database() as database:
        assert rows_with_values(database) == {}
    _stop(server)
    assert [address for address in here.addresses if PLANTED.search(unquote(address))] == []
    assert [title for title in here.titles if PLANTED.search(title)] == []
    log = here.log.read_text()
    assert "ERROR django.request" in log and not PLANTED.search(log)
    inside = [re.compile(re.escape(paper[len(paper) // 2 :][:40])) for paper in papers]
    assert files_with(here.data, [*IN_FILES, *inside]) == {}
    assert files_with(here.data, [re.compile("柳不可见".encode())]), "what is not sealed is found: the files were read"
    assert len(planted.values) >= 1000 and all(paper.startswith(b"\xff\xd8\xff") for paper in papers)


def let_in(database: psycopg.Connection, files: list[str]) -> None:
    """The institution has these files too; and every purpose was stated an hour ago."""
    for file in files:
        database.execute(
            """INSERT INTO accounts_grant (person_id, scope_kind, scope_key, reason, given_by_id, from_on)
               SELECT p.id, 'child', %s, g.reason, g.given_by_id, %s FROM accounts_grant g, accounts_person p
               WHERE p.username = %s LIMIT 1""",
            [file.split("/")[2], TODAY, PEOPLE["institution"]],
        )
    hour = "opened_at = opened_at - interval '1 hour', expires_at = expires_at - interval '1 hour'"
    database.execute(f"UPDATE accounts_purpose SET {hour}")


def stand_in_pages(here: House, planted: Planting) -> dict[str, set[str]]:
    """The pages on which a value stands though nobody had it shown, by whom and where."""
    found: dict[str, set[str]] = {}
    for who in PEOPLE:
        visitor, files, seen = here.sign_in(who), set(planted.files[:IN_DEPTH]), 0
        if who == "overseer":
            for file in files:
                said = {
                    "file_number": file.split("/")[2],
                    "purpose": planted(word("purpose", 900 + len(planted.values) % 99)),
                }
                visitor.done("/children/open/", said)
        start = ["/", *planted.files[:IN_DEPTH], "/children/?sort=new"]
        start += [f"{file}{tab}" for file in planted.files for tab in ("", "family/", "life/", "standing/", "papers/")
                  if who == "officer"]  # fmt: skip
        for path, page in crawl(visitor, list(dict.fromkeys(start)), files):
            seen += page.status == 200
            assert page.status in (200, 302, 404), f"{who} {path}: {page.status}"
            values = found_in(page.text, path)
            if values:
                found[f"{who} {path}"] = values
        assert seen > 12, f"{who} saw {seen} pages"
    return found


def papers_of(visitor: Visitor, files: list[str]) -> list[str]:
    pages = [visitor.get(f"{file}papers/").text for file in files]
    return [re.findall(rf'"({file}papers/\d+/)"', page)[0] for file, page in zip(files, pages, strict=True)]


def after_the_keys(visitor: Visitor, file: str) -> str:
    """What a closed value says once the keys are changed."""
    said = {"reason": "verify", "words": "", "value": "child-id_number", "number": "0", "next": ""}
    return visitor.post(f"{file}purpose/", said).text
