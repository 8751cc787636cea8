"""Departmental data (部门数据): which register can be asked about what of a person, and what its answer holds.

A topic says neither whether it is a parent or a child who is asked about nor what was claimed. Nobody is ever asked
about an infection or about whereabouts kept secret.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hutong.law.aid import AIDS
from hutong.law.disability import CLASSES
from hutong.law.disability import GRADES as DISABILITY_GRADES
from hutong.law.study import LEVELS

Value = date | int | str
Choices = tuple[tuple[Value, str, str], ...]
"""What a field may say (可选值): the value, and its word in Chinese and English."""

YES_NO: Choices = ((True, "是", "Yes"), (False, "否", "No"))
GRADES: Choices = tuple((grade, f"{'一二三四'[grade - 1]}级", f"Grade {grade}") for grade in DISABILITY_GRADES)
DISABILITIES: Choices = tuple((code, zh, en) for code, (_digit, zh, en) in CLASSES.items())
LEVELS_OF_STUDY: Choices = tuple((code, zh, en) for code, (zh, en) in LEVELS.items())
AIDS_ASKED = tuple(kind for kind in AIDS if kind != "other")
"""The aid that the register of social assistance is asked about (核对的其他待遇)."""


class Outcome(StrEnum):
    """What became of a question (查询结果)."""

    FOUND = "found"
    NOT_FOUND = "not_found"
    UNAVAILABLE = "unavailable"


class Way(StrEnum):
    """How an answer comes (取数方式): the department sends it of its own accord, or answers when it is asked."""

    PUSH = "push"
    QUERY = "query"


@dataclass(frozen=True, slots=True)
class Source:
    """Source (数据来源): a register of a department."""

    code: str
    title_zh: str
    title_en: str


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an answer (答复项): one of its choices, or a date where it has none.

    `may_be_ahead`: the date may lie in the future; any other tells of something that has happened.
    """

    code: str
    title_zh: str
    title_en: str
    choices: Choices = ()
    may_be_ahead: bool = False

    def takes(self, value: Value) -> bool:
        """Whether a value is one that the field can hold (取值有效); yes is not the figure 1."""
        if not self.choices:
            return type(value) is date
        return any(type(value) is type(choice) and value == choice for choice, _zh, _en in self.choices)

    def word(self, value: Value) -> str:
        """A value in Chinese."""
        if isinstance(value, date):
            return f"{value.year}年{value.month}月{value.day}日"
        return next(zh for choice, zh, _en in self.choices if choice == value)


@dataclass(frozen=True, slots=True)
class Topic:
    """Topic (核对事项): what one source answers about circumstances or life signs; `about` are their codes."""

    source: str
    about: tuple[str, ...]
    title_zh: str
    title_en: str
    way: Way
    fields: tuple[Field, ...]

    @property
    def by_code(self) -> Mapping[str, Field]:
        """The fields by code."""
        return {field.code: field for field in self.fields}


LIFE_SIGNS = {
    "alive": ("在世", "Alive"),
    "enrolled": ("在学", "Enrolled"),
    "adopted": ("被收养", "Adopted"),
    "other_aid": ("享受其他待遇", "Other aid"),
}
"""What a child's own life is asked about (儿童生存迹象), in Chinese and English."""

SOURCES = {
    source.code: source
    for source in (
        Source("police", "公安机关人口信息", "Police: population"),
        Source("funeral", "殡葬服务信息", "Funeral services"),
        Source("court", "人民法院裁判信息", "Courts: judgments"),
        Source("prison", "监狱服刑信息", "Prisons"),
        Source("rehabilitation", "强制隔离戒毒信息", "Compulsory rehabilitation"),
        Source("immigration", "移民管理信息", "Immigration"),
        Source("disabled_federation", "残疾人联合会持证信息", "Disabled persons' federation: certificates"),
        Source("health", "卫生健康信息", "Health"),
        Source("medical_insurance", "医疗保障信息", "Medical insurance"),
        Source("education", "教育学籍信息", "Education: enrolment"),
        Source("social_assistance", "民政社会救助信息", "Civil affairs: social assistance"),
        Source("marriage", "民政婚姻登记信息", "Civil affairs: marriages"),
        Source("adoption", "民政收养登记信息", "Civil affairs: adoptions"),
    )
}

DEAD = Field("dead", "是否已死亡", "Dead", YES_NO)
DIED_ON = Field("died_on", "死亡日期", "Died on")
DECLARED_DEAD_ON = Field("died_on", "判决确定的死亡日期", "Day of death by judgment")
SEEN_CROSSING = Field("seen_on", "最近一次出入境日期", "Last crossed the border on")
SEEN_MARRYING = Field("seen_on", "最近一次婚姻登记日期", "Last registered a marriage or divorce on")
CERTIFICATE = (
    Field("disability_class", "残疾类别", "Class", DISABILITIES),
    Field("grade", "残疾等级", "Grade", GRADES),
    Field("certificate_valid_until", "残疾人证有效期至", "Certificate valid until", may_be_ahead=True),
)


def _span(zh: tuple[str, str, str], en: tuple[str, str, str], *, is_planned: bool = False) -> tuple[Field, ...]:
    """Whether something holds now, since when, and its last day, where that is planned also one to come."""
    return (
        Field("holds", zh[0], en[0], YES_NO),
        Field("from_on", zh[1], en[1]),
        Field("until_on", zh[2], en[2], may_be_ahead=is_planned),
    )


SEARCH = (
    Field("holds", "目前是否仍未找到", "Not found yet", YES_NO),
    Field("reported_on", "受理查找日期", "Search taken on"),
    Field("until_on", "找到日期", "Found on"),
)
IN_CUSTODY = _span(
    ("目前是否在押", "起始日期", "截止日期（已释放的填释放日期）"),
    ("In custody now", "From", "Until; where released: released on"),
    is_planned=True,
)
IN_REHABILITATION = _span(
    ("目前是否在所", "起始日期", "截止日期（已解除的填解除日期）"),
    ("In rehabilitation now", "From", "Until; where ended: ended on"),
    is_planned=True,
)
BY_JUDGMENT = _span(("判决目前是否有效", "生效日期", "撤销日期"), ("Judgment in force", "In force from", "Revoked on"))
DEPORTED = _span(
    ("目前是否仍在境外", "遣送（驱逐）出境日期", "再次入境日期"), ("Abroad now", "Deported on", "Entered again on")
)
ILL = _span(
    ("是否属于当地重病病种", "确诊日期", "治愈（好转）日期"),
    ("On the local list of severe illnesses", "Diagnosed on", "Recovered on"),
)
ASSISTED = _span(
    ("目前是否享受重病医疗救助", "救助起始日期", "救助截止日期"),
    ("Assisted now", "Assisted from", "Assisted until"),
    is_planned=True,
)
AT_SCHOOL = (
    Field("level", "就读学段", "Level", LEVELS_OF_STUDY),
    *_span(
        ("目前是否在籍在读", "入学日期", "毕业（离校）日期"),
        ("Enrolled now", "Enrolled on", "Leaves on"),
        is_planned=True,
    ),
)
ADOPTION = (
    Field("holds", "是否已办理收养登记", "Adoption registered", YES_NO),
    Field("from_on", "收养登记日期", "Registered on"),
)
AID = tuple(Field(f"aid_{kind}", f"是否享受{AIDS[kind][0]}", AIDS[kind][1], YES_NO) for kind in AIDS_ASKED)
LIFE = ("dead", "alive")

TOPICS = (
    Topic("police", LIFE, "生存状况", "Life", Way.PUSH, (DEAD, DIED_ON)),
    Topic("police", ("out_of_contact", "parents_not_found"), "查找情况", "Search", Way.PUSH, SEARCH),
    Topic("police", ("liberty_restricted",), "限制人身自由情况", "Liberty restricted", Way.PUSH, IN_CUSTODY),
    Topic("funeral", LIFE, "火化（安葬）登记", "Cremation or burial", Way.PUSH, (DIED_ON,)),
    Topic("court", ("dead",), "宣告死亡", "Declared dead", Way.PUSH, (DECLARED_DEAD_ON,)),
    Topic("court", ("declared_missing",), "宣告失踪", "Declared missing", Way.PUSH, BY_JUDGMENT),
    Topic("court", ("guardianship_revoked",), "撤销监护人资格", "Guardianship revoked", Way.PUSH, BY_JUDGMENT),
    Topic("prison", ("imprisoned",), "服刑情况", "Imprisonment", Way.QUERY, IN_CUSTODY),
    Topic("rehabilitation", ("drug_rehab",), "强制隔离戒毒情况", "Rehabilitation", Way.QUERY, IN_REHABILITATION),
    Topic("immigration", ("deported",), "遣送（驱逐）出境", "Deportation", Way.PUSH, DEPORTED),
    Topic("immigration", ("out_of_contact",), "出入境记录", "Border crossings", Way.QUERY, (SEEN_CROSSING,)),
    Topic(
        "disabled_federation", ("severe_disability", "disability"), "残疾人证", "Disability certificate", Way.PUSH,
        CERTIFICATE,
    ),
    Topic("health", LIFE, "死亡医学证明", "Medical certificate of death", Way.PUSH, (DIED_ON,)),
    Topic("health", ("severe_illness",), "重病诊断", "Diagnosis", Way.PUSH, ILL),
    Topic("medical_insurance", ("severe_illness",), "重病医疗救助", "Medical assistance", Way.PUSH, ASSISTED),
    Topic("education", ("enrolled",), "学籍", "Enrolment", Way.QUERY, AT_SCHOOL),
    Topic("social_assistance", ("other_aid",), "社会救助待遇", "Social assistance", Way.QUERY, AID),
    Topic("marriage", ("out_of_contact",), "婚姻登记", "Marriages", Way.QUERY, (SEEN_MARRYING,)),
    Topic("adoption", ("adopted",), "收养登记", "Adoptions", Way.QUERY, ADOPTION),
)  # fmt: skip
"""What each source answers (核对目录). As departments share data elsewhere: custody when asked, most else sent."""

_TOPIC_OF = {(topic.source, kind): topic for topic in TOPICS for kind in topic.about}


def topic(source: str, about: str) -> Topic:
    """What a source answers about a circumstance or a life sign. Raises LookupError where it cannot be asked."""
    found = _TOPIC_OF.get((source, about))
    if found is None:
        raise LookupError(f"{source} cannot be asked about {about}")
    return found


def sources_of(about: str) -> tuple[str, ...]:
    """The sources that can be asked about a circumstance or a life sign (可查来源)."""
    return tuple(topic.source for topic in TOPICS if about in topic.about)
