"""A confidential holder and an ordinary one of the scattered standard: whoever is not named sees no difference."""

import re
from html import unescape

import pytest
from django.urls import reverse
from django.utils.translation import override

from hutong.accounts.models import Notice, Person, Task
from hutong.allowances.actions.finding import find_unapplied
from hutong.allowances.actions.national import watch_national
from hutong.allowances.actions.reviewing import find_reviews_due
from hutong.allowances.actions.watching import watch_applications
from hutong.registry.actions.changes import write_change
from hutong.registry.models import CategoryHolding
from hutong.registry.models.change import Kind
from hutong.registry.queries import visible_to
from tests.applications import DECIDED, Confidants, papers, with_parents
from tests.factories import TOWNSHIP, VILLAGE, child, holding, person
from tests.facts import parent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("divisions")]
ROLES = (
    ("village_director", VILLAGE),
    ("township_supervisor", TOWNSHIP),
    ("county_officer", "640122"),
    ("approver", "640122"),
    ("payer", "640122"),
)
OF_CHILD = (
    "child",
    "family",
    "life",
    "standing",
    "changes",
    "papers",
    "visits",
    "looks_at_child",
    "apply",
    "apply_confidential",
    "begin_holding",
)
LISTS = (
    "/",
    "/children/",
    "/children/?category=orphan_kin",
    "/notices/",
    "/applications/?list=mine",
    "/applications/?list=open",
    "/applications/?list=late",
    "/applications/?list=ended",
    "/applications/ordinary/",
    "/national/",
    "/data-checks/",
    "/reviews/?list=due",
    "/reviews/?list=changed",
)


@pytest.fixture(autouse=True)
def on_the_day(settings):
    """It is the day of the decision, and everybody reads Chinese."""
    settings.TODAY = DECIDED
    with override("zh-hans"):
        yield


@pytest.fixture
def two():
    """A confidential holder with its people, and an ordinary one with living parents in the file."""
    named = Confidants()
    quiet = named.confirmed().child
    held = CategoryHolding.objects.get(child=quiet)
    plain = child(holdings=())
    parent(plain, "father", name="柳安和")
    parent(plain, "mother", name="尹素云")
    papers(plain)
    number = "贺兰民〔2026〕2号"
    holding(plain, "orphan_kin", from_on=held.from_on, decision_number=number)
    after = {"category": "orphan_kin", "category_from": held.from_on.isoformat(), "decision_number": number}
    write_change(by=named.approver, child=plain, kind=Kind.ALTER, on=DECIDED, reason="happened", after=after)
    for run in (find_unapplied, watch_applications, watch_national, find_reviews_due):
        run(on=DECIDED)
    return named, quiet, plain


def alike(page, whose):
    """A page without what is the child's own: names, numbers, days, tokens."""
    text = unescape(page.content.decode())
    for own in (whose.file_number, whose.name, f"/{whose.pk}/"):
        text = text.replace(own, "▢")
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"|nonce-\w+|贺兰民〔2026〕\d号', "▢", text)
    return re.sub(r"\d+", "0", re.sub(r"\*+\d[\dX]", "▢", text))


@pytest.mark.parametrize(("role", "place"), ROLES)
def test_every_page_of_the_file_reads_alike(two, signed_in, role, place):
    _named, quiet, plain = two
    client = signed_in(person(role, place))
    held = [CategoryHolding.objects.get(child=one).pk for one in (quiet, plain)]
    addresses = {name: [reverse(f"desk:{name}", args=[one.file_number]) for one in (quiet, plain)] for name in OF_CHILD}
    addresses["review"] = [reverse("desk:review", args=[one]) for one in held]
    addresses["step"] = [reverse("desk:take_review_step", args=[one, "review"]) for one in held]
    for name, theirs in addresses.items():
        pages = [client.get(address) for address in theirs]
        assert pages[0].status_code == pages[1].status_code, name
        shown = [set(words(page, one)) for page, one in zip(pages, (quiet, plain), strict=True)]
        assert not {word for word in shown[0] ^ shown[1] if not is_own(word)}, name


def words(page, whose):
    text = re.sub(r"<(script|style).*?</\1>", "", alike(page, whose), flags=re.S)
    return [said.strip() for said in re.sub(r"<[^>]+>", "\n", text).splitlines() if said.strip()]


def is_own(word):
    """What two children differ in by nature: days and numbers of their own, who entered what."""
    return bool(re.fullmatch(r"[\d▢年月日：:（）()、·\s*-]*|增加类别.*|信息变更.*|.{2,4}", word))


@pytest.mark.parametrize(("role", "place"), ROLES)
def test_no_list_names_a_paper_of_it(two, signed_in, role, place):
    _named, quiet, _plain = two
    client = signed_in(person(role, place))
    application = quiet.applications.get()
    for address in LISTS:
        page = client.get(address)
        assert page.status_code in (200, 403, 404), address
        if page.status_code == 200:
            text = page.content.decode()
            assert application.number not in text and f"/applications/{application.pk}/" not in text, address
            assert "艾滋" not in text and "HIV" not in text and "密办" not in text, address
    for address in (
        reverse("desk:application", args=[application.pk]),
        reverse("desk:application_people", args=[application.pk]),
        reverse("desk:take_step", args=[application.pk, "withdraw"]),
        reverse("desk:fetch_document", args=[application.pk, 1]),
    ):
        assert client.get(address).status_code == 404, address


@pytest.mark.parametrize(("role", "place"), ROLES)
def test_tasks_and_notices_tell_the_two_apart_by_nothing(two, role, place):
    _named, quiet, plain = two
    somebody = Person.objects.get(pk=person(role, place).pk)
    assert {quiet.pk, plain.pk} <= set(visible_to(somebody, on=DECIDED).values_list("pk", flat=True))
    for about, key in (("child", "file_number"), ("recognition", None)):
        keys = [
            str(getattr(one, key)) if key else str(CategoryHolding.objects.get(child=one).pk) for one in (quiet, plain)
        ]
        kinds = [
            set(Task.objects.filter(subject_kind=about, subject_key=one).values_list("kind", "role")) for one in keys
        ]
        assert kinds[0] == kinds[1]
        assert not Notice.objects.filter(subject_kind=about, subject_key__in=keys, recipient=None)
    assert not Notice.objects.filter(subject_kind="application", recipient=None)


def test_three_named_people_take_it_by_page(signed_in):
    named, whose = Confidants(), with_parents()
    clients = {name: signed_in(getattr(named, name)) for name in ("director", "checker", "approver")}
    begin = reverse("desk:apply_confidential", args=[whose.file_number])
    said = {"kind": "guardian", "name": "柳安和", "relation": "51", "basis": "hiv", "reason": "个案责任人"}
    refused = clients["director"].post(begin, said)
    assert refused.status_code == 422 and "三人" in refused.content.decode()
    people = [str(named.checker.pk), str(named.approver.pk)]
    answer = clients["director"].post(begin, said | {"named": people})
    assert answer.status_code == 302

    application = whose.applications.get()
    page = clients["checker"].get(reverse("desk:application", args=[application.pk])).content.decode()
    assert "艾滋病病毒感染" in page and "密办" in page and "县级" in page
    more = clients["director"].get(reverse("desk:application_people", args=[application.pk]))
    assert more.status_code == 200
    another = person("county_officer")
    answer = clients["director"].post(
        reverse("desk:application_people", args=[application.pk]), {"named": [str(another.pk)], "reason": "接手"}
    )
    assert answer.status_code == 302
    assert signed_in(another).get(reverse("desk:application", args=[application.pk])).status_code == 200


def test_who_is_not_named_is_told_whom_to_call(signed_in):
    whose = with_parents()
    Confidants().begun(whose)
    said = {"category": "de_facto", "kind": "guardian", "name": "柳安和", "relation": "51"}
    for role, place in ROLES[:3]:
        page = signed_in(person(role, place)).post(reverse("desk:apply", args=[whose.file_number]), said)
        assert page.status_code == 422 and "县级民政部门" in page.content.decode()
