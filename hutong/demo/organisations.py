"""Organisations (机构): where children are raised, protected and served, on real places; their codes are invented."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from stdnum.cn import uscc

from hutong.accounts.actions.trail import record_many
from hutong.accounts.models import Person
from hutong.demo.families import INSTITUTIONS
from hutong.demo.places import FEATURED_TOWNSHIP, SHARES, Places
from hutong.demo.staff import WITH_SPECIALISTS, username
from hutong.law.division_code import full
from hutong.network.models import Organisation

REGION, CAPITAL = "64", "6401"
REGIONAL = INSTITUTIONS[0].name
WITHOUT_CENTRE = ("640104", "640205", "640303", "640522")
FORMER_HOMES = ("640121", "640422", "640181")
"""Counties whose children's institution became a protection centre."""
STATIONS, HOMES = 12, 10
OTHERS = (
    ("hospital", "640121", "永宁县人民医院"), ("hospital", "640402", "原州区妇幼保健院"),
    ("hospital", "640302", "利通区人民医院"), ("hospital", CAPITAL, "银川市妇幼保健院"),
    ("university", REGION, "塞上师范学院"), ("university", REGION, "贺兰山医学院"),
    ("university", CAPITAL, "凤城职业技术学院"), ("donor", CAPITAL, "凤城慈善会"),
    ("donor", "640121", "李俊镇枸杞合作社"), ("bank", REGION, "演示农村商业银行"),
    ("department", "640121", "永宁县残疾人联合会"),
)  # fmt: skip
EARLIEST = date(2016, 1, 1)


def credit_code(county: str, serial: int) -> str:
    """A credit code that no organisation has and whose check character fits (虚构信用代码)."""
    body = f"91{county}99{serial:07d}"
    return body + str(uscc.calc_check_digit(body))


def write_organisations(places: Places, people: dict[str, Person], random: Random, *, on: date) -> list[Organisation]:
    """Writes the organisations (写入机构), registered by the region."""
    made: list[Organisation] = Organisation.objects.bulk_create(_invented(places, random, on))
    subjects = [(str(one.pk), one.division_code) for one in made]
    officer = people[username("region_officer", REGION)]
    record_many(by=officer, act="register_organisation", subject_kind="organisation", subjects=subjects, on=on)
    return made


def _invented(places: Places, random: Random, on: date) -> Iterator[Organisation]:
    for at, institution in enumerate(INSTITUTIONS):
        prefix = REGION if institution.name == REGIONAL else institution.county[:4]
        code = credit_code(institution.county, at)
        yield _organisation("welfare_institution", prefix, institution.name, EARLIEST, code)
    yield from _centres(places, random)
    yield from _of_townships(places, random)
    for at, (kind, prefix, name) in enumerate(OTHERS, 900):
        yield _organisation(kind, prefix, name, _since(random, on), credit_code(prefix.ljust(6, "0"), at))
    for at, county in enumerate(WITH_SPECIALISTS, 800):
        name = f"{places.names[full(county)]}暖阳社会工作服务中心"
        yield _organisation("social_organisation", county, name, _since(random, on), credit_code(county, at))


def _centres(places: Places, random: Random) -> Iterator[Organisation]:
    """Protection centres of counties; some were children's institutions before."""
    for at, county in enumerate((one for one in SHARES if one not in WITHOUT_CENTRE), 100):
        name, code = places.names[full(county)], credit_code(county, at)
        begun = date(random.randint(2022, 2024), random.randint(1, 12), 1)
        if county in FORMER_HOMES:
            last = begun - timedelta(days=1)
            yield _organisation("welfare_institution", county, f"{name}儿童福利院", EARLIEST, code, last)
        yield _organisation("protection_centre", county, f"{name}未成年人救助保护中心", begun, code)


def _of_townships(places: Places, random: Random) -> Iterator[Organisation]:
    """Stations of townships and children's homes of villages; those of the featured township first."""
    villages = [village.code for village in places.villages if village.is_rural]
    others = sorted({code[:9] for code in villages} - {FEATURED_TOWNSHIP})
    townships = [FEATURED_TOWNSHIP, *random.sample(others, STATIONS - 1)]
    for township in townships:
        name = f"{places.names[full(township)]}未成年人保护工作站"
        yield _organisation("township_station", township, name, date(random.randint(2022, 2024), 6, 1))
    for township in townships[:HOMES]:
        village = random.choice([code for code in villages if code.startswith(township)])
        name = f"{places.names[village].removesuffix('委会')}儿童之家"
        yield _organisation("childrens_home", village, name, date(random.randint(2018, 2024), 9, 1))


def _since(random: Random, on: date) -> date:
    return EARLIEST + timedelta(days=random.randrange((on - EARLIEST).days))


def _organisation(
    kind: str, prefix: str, name: str, from_on: date, code: str = "", until_on: date | None = None
) -> Organisation:
    return Organisation(
        kind=kind, name=name, credit_code=code, division_code=full(prefix), from_on=from_on, until_on=until_on
    )
