"""How the workbooks of an exchange are laid out (核对表版式): what is written is read again by the same words."""

from hutong.law.data_sources import Field, Outcome, Topic, Value

COVER = "填写说明"
BATCH, SOURCE, OFFICE, CONTACT = "批次编号", "数据来源", "委托单位", "联系人及电话"
ASKED_ON, DUE_ON, BASIS, PURPOSE = "发出日期", "请于此日前返回", "查询依据", "用途"
ANSWERED_BY, ANSWERED_ON = "答复单位及填报人", "答复日期"
NUMBER, NAME, ID_NUMBER, AS_OF, OUTCOME = "查询编号（请勿改动）", "姓名", "公民身份号码", "查询基准日", "查询结果"
FIXED = (NUMBER, NAME, ID_NUMBER, AS_OF)
OUTCOMES = {Outcome.FOUND: "查到", Outcome.NOT_FOUND: "未查到", Outcome.UNAVAILABLE: "无法查询"}


def headers(topic: Topic) -> tuple[str, ...]:
    """The headers of a topic's sheet, in order."""
    return (*FIXED, OUTCOME, *(field.title_zh for field in topic.fields))


def choice(field: Field, text: str) -> Value:
    """The choice that a text names, a grade by its mere figure too; or the code of a problem."""
    figure = text.removesuffix("级")
    return next((value for value, zh, _en in field.choices if text == zh or figure == str(value)), "choice_unknown")


LIST_SOURCE, GIVEN_BY, GIVEN_ON = "名单来源", "提供单位及填报人", "提供日期"
LIST_FIXED = (ID_NUMBER, NAME)


def list_headers(topic: Topic) -> tuple[str, ...]:
    """The headers of a sheet of a list that a department gives unasked."""
    return (*LIST_FIXED, *(field.title_zh for field in topic.fields))
