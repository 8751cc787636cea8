"""Staff (工作人员): invented people for every role and every place, and the few that a visitor can choose to be."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from hutong.accounts.models import DeclaredKin, Grant, Notice, Person, Posting
from hutong.demo.kinds import IN_INSTITUTION
from hutong.demo.people import HAN, HUI, Invention
from hutong.demo.places import FEATURED_TOWNSHIP, SHARES, Places
from hutong.kit.cipher import keys
from hutong.law.division_code import full
from hutong.law.identity import Sex
from hutong.registry.queries import CHILD_SCOPE

DEMONSTRATION_PASSWORD = "hutong-demo-2026"
BATCH_SIZE = 1000

FEATURED = {
    ("county_officer", "640121"): "yongning-officer",
    ("approver", "640121"): "yongning-approver",
    ("township_supervisor", FEATURED_TOWNSHIP): "lijun-supervisor",
    ("village_director", FEATURED_TOWNSHIP): "lijun-director",
    ("payer", "640121"): "yongning-payer",
    ("finance", "640121"): "yongning-finance",
    ("institution_staff", "640121"): "yongning-institution",
    ("psychologist", "640121"): "yongning-psychologist",
    ("social_worker", "640121"): "yongning-social-worker",
    ("county_officer", "640122"): "helan-officer",
    ("approver", "640122"): "helan-approver",
    ("city_officer", "6401"): "yinchuan-officer",
    ("region_officer", "64"): "ningxia-officer",
    ("auditor", "64"): "ningxia-auditor",
    ("system_administrator", "64"): "system-administrator",
    ("security_administrator", "64"): "security-administrator",
    ("audit_administrator", "64"): "audit-administrator",
    ("region_approver", "64"): "ningxia-approver",
}
"""Who is shown for choice, by role and place; theirs are the only user names without a digit."""

SECOND = {("county_officer", "640121"): "yongning-colleague", ("approver", "640121"): "yongning-reviewer"}
"""Whoever fills a post beside the first of FEATURED and is shown, too: a refusal is reviewed by another approver,
what is dealt with in confidence is checked by another officer of the county."""
SHORT = {
    "county_officer": "officer", "approver": "approver", "payer": "payer", "finance": "finance",
    "institution_staff": "home", "psychologist": "psy", "social_worker": "social", "township_supervisor": "sup",
    "village_director": "dir", "city_officer": "city", "region_officer": "region", "auditor": "auditor",
    "system_administrator": "system", "security_administrator": "security", "audit_administrator": "audit",
    "region_approver": "region-approver",
}  # fmt: skip
BUREAUS = {
    "county_officer": "民政局", "approver": "民政局", "payer": "民政局", "finance": "财政局",
    "institution_staff": "未成年人救助保护中心", "psychologist": "未成年人心理服务站",
    "social_worker": "暖阳社会工作服务中心", "city_officer": "民政局",
}  # fmt: skip
PROVINCE_BUREAUS = {
    "region_officer": "宁夏回族自治区民政厅",
    "auditor": "宁夏回族自治区审计厅",
    "system_administrator": "宁夏回族自治区民政厅信息中心",
    "security_administrator": "宁夏回族自治区民政厅信息中心",
    "audit_administrator": "宁夏回族自治区民政厅机关纪委",
    "region_approver": "宁夏回族自治区民政厅",
}
COUNTY_ROLES = ("county_officer", "county_officer", "approver", "approver", "payer", "finance")
WITH_INSTITUTION = ("640105", "640121", "640202", "640302", "640402", "640502")
WITH_SPECIALISTS = ("640106", "640121", "640302", "640402", "640422", "640522")
SMALL_VILLAGE = 2

SCOPES = {
    "institution_staff": (frozenset(IN_INSTITUTION), "机构在院及监护儿童", 200),
    "psychologist": (frozenset({"psychological"}), "心理关爱转介", 12),
    "social_worker": (frozenset({"de_facto", "in_difficulty", "guardianship_absent"}), "政府购买服务转介", 10),
}
"""For whom grants are given: children of which categories, why, and at most how many."""


KIN = (
    ("yongning-officer", "20", Sex.MALE, date(2012, 5, 4)),
    ("yongning-officer", "94", Sex.FEMALE, date(2014, 9, 20)),
    ("yongning-approver", "30", Sex.FEMALE, date(2010, 1, 17)),
    ("lijun-supervisor", "95", Sex.MALE, date(2013, 3, 8)),
)
"""Who has declared which relatives: relation, sex and birth date."""


@dataclass(frozen=True, slots=True)
class Post:
    """A post (岗位) to be filled: a role over prefixes, a user name and an organisation."""

    role: str
    prefixes: tuple[str, ...]
    username: str
    organisation: str


def posts(places: Places, crowds: Counter[str]) -> list[Post]:
    """All posts of the province, the featured ones first; `crowds` counts the children of each village."""
    found = [*_county_posts(places), *_township_posts(places), *_village_posts(places, crowds)]
    found += [*_city_posts(places), *_province_posts()]
    order = [*FEATURED.values(), *SECOND.values()]
    return sorted(found, key=lambda post: order.index(post.username) if post.username in order else len(order))


def username(role: str, prefix: str, serial: int = 1) -> str:
    """The user name (用户名) of whoever fills a post; `serial` counts those of one role in one place."""
    if serial == 1 and (role, prefix) in FEATURED:
        return FEATURED[role, prefix]
    if serial == 2 and (role, prefix) in SECOND:
        return SECOND[role, prefix]
    return f"{SHORT[role]}-{prefix}" + (f"-{serial}" if serial > 1 else "")


def _post(places: Places, role: str, prefix: str, serial: int = 1) -> Post:
    organisation = places.names[full(prefix)] + BUREAUS[role]
    return Post(role, (prefix,), username(role, prefix, serial), organisation)


def _county_posts(places: Places) -> Iterator[Post]:
    for county in SHARES:
        for at, role in enumerate(COUNTY_ROLES):
            yield _post(places, role, county, COUNTY_ROLES[: at + 1].count(role))
        if county in WITH_INSTITUTION:
            yield _post(places, "institution_staff", county)
        if county in WITH_SPECIALISTS:
            yield _post(places, "psychologist", county)
            yield _post(places, "social_worker", county)


def _township_posts(places: Places) -> Iterator[Post]:
    for prefix in dict.fromkeys(village.code[:9] for village in places.villages):
        role = "township_supervisor"
        yield Post(role, (prefix,), username(role, prefix), _township(places, prefix) + _office(places, prefix))


def _township(places: Places, prefix: str) -> str:
    return places.names[full(prefix[:6])] + places.names[full(prefix)]


def _office(places: Places, prefix: str) -> str:
    return {"道": "办事处", "镇": "人民政府", "乡": "人民政府"}.get(places.names[full(prefix)][-1], "管理委员会")


def _village_posts(places: Places, crowds: Counter[str]) -> Iterator[Post]:
    """A director for every village; the one of the featured township's largest village is shown."""
    featured = max((v.code for v in places.within(FEATURED_TOWNSHIP)), key=lambda code: (crowds[code], code))
    for codes in _patches([village.code for village in places.villages], crowds, featured):
        yield _director(places, codes, featured)


def _patches(codes: list[str], crowds: Counter[str], featured: str) -> Iterator[tuple[str, ...]]:
    """Villages by director: two small neighbours share one."""
    waiting = ""
    for code in codes:
        is_small = crowds[code] <= SMALL_VILLAGE and code != featured
        if waiting and is_small and waiting[:9] == code[:9]:
            yield waiting, code
            waiting = ""
            continue
        if waiting:
            yield (waiting,)
        if not is_small:
            yield (code,)
        waiting = code if is_small else ""
    if waiting:
        yield (waiting,)


def _director(places: Places, codes: tuple[str, ...], featured: str) -> Post:
    role = "village_director"
    name = FEATURED[role, FEATURED_TOWNSHIP] if codes == (featured,) else username(role, codes[0])
    organisation = _township(places, codes[0][:9]) + "、".join(places.names[code] for code in codes)
    return Post(role, codes, name, organisation)


def _city_posts(places: Places) -> Iterator[Post]:
    for city in dict.fromkeys(county[:4] for county in SHARES):
        yield _post(places, "city_officer", city)


def _province_posts() -> Iterator[Post]:
    for role, organisation in PROVINCE_BUREAUS.items():
        for serial in (1, 2) if role == "region_officer" else (1,):
            yield Post(role, ("64",), username(role, "64", serial), organisation)


def appoint(wanted: list[Post], invention: Invention, *, on: date) -> dict[str, Person]:
    """Fills the posts (任命) with people of one shared password, hashed once; the people by user name."""
    password = make_password(DEMONSTRATION_PASSWORD)
    people = Person.objects.bulk_create([_person(post, invention, password) for post in wanted], BATCH_SIZE)
    Posting.objects.bulk_create(
        [
            Posting(person=person, role=post.role, prefixes=list(post.prefixes), from_on=_since(invention, on))
            for person, post in zip(people, wanted, strict=True)
        ],
        BATCH_SIZE,
    )
    return {person.username: person for person in people}


def _person(post: Post, invention: Invention, password: str) -> Person:
    group = HUI if invention.random.random() < 0.25 else HAN
    born = date(invention.random.randint(1972, 1999), 6, 1)
    name = invention.name(invention.surname(group), sex=invention.sex(), born=born, ethnic_group=group)
    return Person(
        username=post.username,
        name=name,
        organisation=post.organisation,
        password=password,
        is_demonstration=True,
    )


def _since(invention: Invention, on: date) -> date:
    return on - timedelta(days=invention.random.randint(200, 2200))


def grant(
    wanted: list[Post],
    people: dict[str, Person],
    children: list[tuple[str, str, frozenset[str]]],
    *,
    on: date,
) -> None:
    """Gives grants (授权) to those who see single children; a child by file number, place and categories."""
    grants: list[Grant] = []
    for post in wanted:
        if post.role in SCOPES:
            officer = people[username("county_officer", post.prefixes[0])]
            grants += _grants(post, people[post.username], officer, children, on - timedelta(days=90))
    Grant.objects.bulk_create(grants, BATCH_SIZE)


def _grants(
    post: Post, person: Person, officer: Person, children: list[tuple[str, str, frozenset[str]]], since: date
) -> Iterator[Grant]:
    categories, reason, most = SCOPES[post.role]
    found = [number for number, place, held in children if place.startswith(post.prefixes[0]) and held & categories]
    for number in found[:most]:
        yield Grant(
            person=person,
            scope_kind=CHILD_SCOPE,
            scope_key=number,
            reason=reason,
            given_by=officer,
            from_on=since,
            until_on=since + timedelta(days=365),
        )


def declare(people: dict[str, Person], *, on: date) -> None:
    """Declares kin (申报亲属) of a few; from a source of chance of its own, so that nothing else changes."""
    invention = Invention(Random(len(people)))
    DeclaredKin.objects.bulk_create(
        _kin(people[username], relation, invention, sex=sex, born=born, on=on) for username, relation, sex, born in KIN
    )


def _kin(person: Person, relation: str, invention: Invention, *, sex: Sex, born: date, on: date) -> DeclaredKin:
    number = invention.id_number(region="640121", born=born, sex=sex)
    return DeclaredKin(
        person=person,
        name=invention.name(invention.surname(HAN), sex=sex, born=born, ethnic_group=HAN),
        relation=relation,
        id_number=number,
        id_index=keys().blind(number, kind="id_number"),
        from_on=on - timedelta(days=120),
    )


def tell(people: dict[str, Person], *, on: date) -> None:
    """Gives a few notices (通知): a posting, and work that a colleague has left."""
    at = timezone.make_aware(datetime.combine(on, time(8, 30)))
    payer = people["yongning-payer"]
    posting = payer.postings.get()
    values = {"role": posting.role, "place": full(posting.prefixes[0]), "on": on.isoformat()}
    to_payer = {"recipient": payer, "kind": "posting_given", "subject_kind": "posting", "subject_key": str(posting.pk)}
    left = {"kind": "tasks_released", "subject_kind": "task", "subject_key": ""}
    notices = [Notice(created_at=at - timedelta(days=2), values=values, **to_payer)]
    for role, prefix, tasks in (("county_officer", "640121", 7), ("township_supervisor", FEATURED_TOWNSHIP, 2)):
        code, when = full(prefix), at - timedelta(days=tasks)
        notices.append(Notice(role=role, division_code=code, created_at=when, values={"tasks": tasks}, **left))
    Notice.objects.bulk_create(notices)
