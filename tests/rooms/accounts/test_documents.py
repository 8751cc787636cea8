"""Issued documents: numbered without gaps, sealed, never changed; withdrawn and replaced in the open."""

import os
from datetime import UTC, date, datetime
from io import BytesIO
from threading import Barrier, Thread

import psycopg
import pytest
from django.db import IntegrityError, InternalError, ProgrammingError, connection, connections, transaction
from pypdf import PdfReader

from hutong.accounts.actions.confirming import TooManyCodes, confirm_document
from hutong.accounts.actions.documents import fetch_document, issue_document, withdraw_document
from hutong.accounts.actions.guard import NotAllowed, Refused
from hutong.accounts.actions.rekeying import reseal
from hutong.accounts.documents import Office, civil_affairs_office, document_by_code, documents_about
from hutong.accounts.models import IssuedDocument, SignInAttempt, TrailEntry
from hutong.kit.cipher import keys, put_in_force
from hutong.kit.documents import Document
from hutong.law.documents import check_code
from tests.factories import NEXT_COUNTY, ON, PROVINCE, VILLAGE, person

pytestmark = pytest.mark.usefixtures("in_english")
in_database = pytest.mark.django_db
AT = datetime(2025, 6, 2, 8, 0, tzinfo=UTC)
OFFICE = Office("640122000000", "贺兰县民政局", "贺兰民")
NEIGHBOUR = Office("640121000000", "永宁县民政局", "永宁民")
LETTER = Document("不予认定决定书", ("经审核，现决定不予认定。",), recipient="柳安宁")
UNKNOWN = check_code("7K2M9QXC4HTWABC")


def issued(by=None, **more):
    values = {
        "kind": "refusal_decision", "subject_kind": "child", "subject_key": "64-0000-0001-9",
        "division_code": VILLAGE, "office": OFFICE, "document": LETTER, "on": ON, "at": AT,
    }  # fmt: skip
    return issue_document(by=by or person("county_officer"), **values | more)


def withdrawn(document, words="文书有误", by=None, on=ON):
    return withdraw_document(by=by or person("approver"), document=document, words=words, on=on)


def trail(act):
    return TrailEntry.objects.filter(act=act)


@in_database
def test_a_document_has_a_number_a_code_and_itself_as_it_left():
    by = person("county_officer")
    made = IssuedDocument.objects.get(pk=issued(by).pk)
    assert (made.number, made.year, made.serial, made.office) == ("贺兰民〔2025〕1号", 2025, 1, "贺兰县民政局")
    assert (made.issued_by, made.issued_on, made.issued_at, made.pages) == (by, ON, AT, 1)
    text = PdfReader(BytesIO(fetch_document(by=by, document=made, on=ON))).pages[0].extract_text()
    for said in ("柳安宁：", made.number, made.check_code, "2025年6月2日", "http://127.0.0.1:8000/confirm/"):
        assert said in text


@in_database
def test_each_office_counts_for_itself_and_begins_anew_each_year():
    made = [
        issued(),
        issued(),
        issued(office=NEIGHBOUR),
        issued(on=date(2026, 1, 1)),
        issued(kind="letter"),
    ]
    assert [one.number for one in made] == [
        "贺兰民〔2025〕1号", "贺兰民〔2025〕2号", "永宁民〔2025〕1号", "贺兰民〔2026〕1号", "贺兰民〔2025〕3号",
    ]  # fmt: skip
    assert len({one.check_code for one in made}) == 5


@in_database
def test_what_was_not_issued_leaves_no_gap():
    issued()
    with pytest.raises(Refused, match="😀"):
        issued(document=Document("函", ("😀",)))
    with pytest.raises(LookupError, match="poem"):
        issued(kind="poem")
    with pytest.raises(RuntimeError), transaction.atomic():
        issued()
        raise RuntimeError
    assert issued().serial == 2


def test_many_at_once_get_each_number_once(committed_database):
    by, start = person("county_officer"), Barrier(4)

    def run(office: Office) -> None:
        start.wait(timeout=20)
        for at in range(5):
            if at == 2:
                with pytest.raises(Refused):
                    issued(by, office=office, document=Document("函", ("😀",)))
            issued(by, office=office)
        connections.close_all()

    threads = [Thread(target=run, args=(office,)) for office in (OFFICE, OFFICE, OFFICE, NEIGHBOUR)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    for office, count in ((OFFICE, 15), (NEIGHBOUR, 5)):
        serials = IssuedDocument.objects.filter(office_code=office.code).order_by("serial")
        assert list(serials.values_list("serial", flat=True)) == list(range(1, count + 1))


@in_database
def test_the_trail_tells_of_issuing_fetching_and_withdrawing_and_says_nothing_personal():
    by, approver = person("county_officer"), person("approver")
    made = issued(by)
    fetch_document(by=by, document=made, on=ON)
    withdrawn(made, by=approver)
    entries = TrailEntry.objects.order_by("id")
    assert [(one.act, one.by) for one in entries] == [
        ("issue_document", by), ("fetch_document", by), ("withdraw_document", approver),
    ]  # fmt: skip
    said = {"document": made.pk, "kind": "refusal_decision", "number": made.number}
    assert {(one.subject_kind, one.subject_key, one.division_code) for one in entries} == {
        ("child", "64-0000-0001-9", VILLAGE)
    }
    assert all(one.details == said for one in entries)


@in_database
def test_a_withdrawn_document_stays_and_says_so():
    made = issued()
    withdrawn(made, " 文书有误 ")
    (kept,) = documents_about("child", "64-0000-0001-9")
    assert (kept.withdrawn_on, kept.withdrawn_why.open()) == (ON, "文书有误")
    with pytest.raises(Refused, match="already"):
        withdrawn(made)


@in_database
@pytest.mark.parametrize("words", ["", " 错 ", "错" * 201])
def test_a_document_is_withdrawn_with_a_reason(words):
    with pytest.raises(Refused, match="why"):
        withdrawn(issued(), words)


@in_database
@pytest.mark.parametrize(
    ("role", "place"), [("county_officer", None), ("approver", NEXT_COUNTY), ("region_officer", PROVINCE)]
)
def test_others_withdraw_nothing(role, place):
    made = issued()
    with pytest.raises(NotAllowed):
        withdrawn(made, by=person(role, place) if place else person(role))
    assert not IssuedDocument.objects.get().withdrawn_on


@in_database
def test_a_document_that_replaces_another_withdraws_it():
    first = issued()
    second = issued(replaces=first)
    first = document_by_code(first.check_code)
    assert (first.replaced_by, first.withdrawn_why.open(), first.withdrawn_by) == (
        second, second.number, second.issued_by,
    )  # fmt: skip
    with pytest.raises(Refused, match="already"):
        issued(replaces=first)
    assert trail("withdraw_document").count() == 1


@in_database
def test_documents_of_a_matter_are_listed_the_latest_first_without_their_content(django_assert_num_queries):
    first, second, _other = issued(), issued(), issued(subject_key="64-0000-0002-8")
    withdrawn(first)
    with django_assert_num_queries(1) as asked:
        found = list(documents_about("child", "64-0000-0001-9"))
        assert [str(one.issued_by) and one.number for one in found] == [second.number, first.number]
    assert '"content"' not in asked.captured_queries[0]["sql"]


@in_database
def test_a_document_is_found_by_its_code_however_it_is_typed():
    made = issued()
    for typed in (made.check_code, made.check_code.lower().replace("-", " "), f"http://x/confirm/#{made.check_code}"):
        assert document_by_code(typed) == made
    assert document_by_code(UNKNOWN) is None and document_by_code("") is None


@in_database
def test_the_content_lies_sealed_and_is_renewed_with_the_keys():
    made, before = issued(), keys()
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM accounts_issueddocument")
        (held,) = cursor.fetchone()
    assert b"%PDF" not in bytes(held)
    content = fetch_document(by=made.issued_by, document=made, on=ON)
    try:
        put_in_force(before.with_data_key(1))
        reseal(by=None, on=ON)
        renewed = IssuedDocument.objects.get()
        assert renewed.content.token.startswith(keys().mark) and renewed.content.token[:2] != bytes(held)[:2]
        assert fetch_document(by=made.issued_by, document=renewed, on=ON) == content
    finally:
        put_in_force(before)


@in_database
@pytest.mark.parametrize(
    "content",
    [lambda: b"%PDF-", lambda: keys().seal(b"%PDF-", field="accounts.issueddocument.content")],
    ids=["plain", "sealed"],
)
def test_a_document_that_somebody_tampered_with_is_not_given_out(content):
    made = issued()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_issueddocument SET content = %s", [content()])
    with pytest.raises(Refused, match="damaged"):
        fetch_document(by=made.issued_by, document=IssuedDocument.objects.get(), on=ON)


CHANGES = [
    "UPDATE accounts_issueddocument SET number = 'x'",
    "UPDATE accounts_issueddocument SET digest = 'x', content = ''",
    "UPDATE accounts_issueddocument SET check_code = 'x'",
    "UPDATE accounts_issueddocument SET withdrawn_on = NULL, withdrawn_by_id = NULL, withdrawn_why = NULL",
    "UPDATE accounts_issueddocument SET withdrawn_on = '2030-01-01'",
    "DELETE FROM accounts_issueddocument",
    "TRUNCATE accounts_issueddocument",
]


@in_database
@pytest.mark.parametrize("statement", CHANGES)
def test_the_app_role_changes_nothing_that_was_issued(statement):
    withdrawn(issued())
    with connection.cursor() as cursor, pytest.raises((ProgrammingError, InternalError)), transaction.atomic():
        cursor.execute(statement)
    assert IssuedDocument.objects.get().withdrawn_on == ON


def test_a_trigger_refuses_even_the_owner(committed_database):
    withdrawn(issued())
    url = os.environ.get("HUTONG_OWNER_URL") or os.environ["DATABASE_URL"]
    with psycopg.connect(url, dbname=committed_database, autocommit=True) as owner:
        for statement in CHANGES:
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match=r"append-only|stays as it was"):
                owner.execute(statement)
    assert IssuedDocument.objects.count() == 1


@in_database
def test_right_codes_never_count_and_wrong_ones_close_their_address_for_a_while():
    made, wrong = issued(), [check_code(f"{at:03d}".translate(str.maketrans("01", "AB")) * 5) for at in range(60)]
    for _time in range(60):
        assert confirm_document(code=made.check_code, source="10.0.0.1", at=AT, on=ON) == made
    assert not SignInAttempt.objects.exists()
    for code in wrong[:50]:
        assert confirm_document(code=code, source="10.0.0.1", at=AT, on=ON) is None
    for code in (wrong[50], made.check_code):
        with pytest.raises(TooManyCodes):
            confirm_document(code=code, source="10.0.0.1", at=AT, on=ON)
    assert confirm_document(code=made.check_code, source="10.0.0.2", at=AT, on=ON) == made
    later = datetime(2025, 6, 2, 8, 15, tzinfo=UTC)
    assert confirm_document(code=made.check_code, source="10.0.0.1", at=later, on=ON) == made
    assert not SignInAttempt.objects.exists()


@pytest.mark.usefixtures("divisions")
@pytest.mark.parametrize(
    ("code", "name", "word"),
    [
        ("640000000000", "宁夏回族自治区民政厅", "宁夏民"),
        ("640100000000", "银川市民政局", "银川民"),
        ("640122000000", "贺兰县民政局", "贺兰民"),
        ("640104000000", "兴庆区民政局", "兴庆民"),
    ],
)
def test_an_office_of_civil_affairs_is_named_after_its_place(code, name, word):
    assert civil_affairs_office(code) == Office(code, name, word)


@pytest.mark.usefixtures("divisions")
def test_the_office_of_a_village_is_its_county_s():
    assert civil_affairs_office(VILLAGE) == OFFICE


def test_a_number_cannot_stand_twice_even_past_the_lock(db):
    made = issued()
    made.pk, made.check_code = None, UNKNOWN
    with pytest.raises(IntegrityError, match="document_number_once"), transaction.atomic():
        made.save(force_insert=True)
