"""The columns of a children workbook (儿童信息表): those of the template, then those of the registration form alone.

Where a child lives stands in one of two columns at least: the code, or an address that begins with the place in words.
"""

from hutong.kit.workbooks.columns import Column, Columns
from hutong.law.categories import CATEGORIES
from hutong.law.relations import RELATIONS
from hutong.registry.intake.form_columns import CARER, FORM, IDS, PHONES, under

SHEET = "儿童信息"
PLACES_SHEET = "行政区划代码"


CHILDREN = Columns(
  (
    Column(
        "name", "姓名", "户口簿上的姓名，最长 50 字，可含“·”。", True,
        ("儿童姓名", "孩子姓名", "留守儿童姓名"), width=12, own=True,
    ),
    Column("sex", "性别", "男 或 女。", True, ("儿童性别",), choices=("男", "女"), width=8, own=True),
    Column(
        "birth_date", "出生日期", "例如 2015-03-07。", True,
        ("出生年月日", "出生年月", "儿童出生日期", "儿童出生年月"), width=14, own=True,
    ),
    Column(
        "id_number", "证件号码", "18 位公民身份号码，本列为文本格式；没有号码时留空并填写“无证件原因”。",
        also=("身份证号码", "身份证号", "公民身份号码", "居民身份证号码", "身份证件号码", *under(("儿童",), IDS)),
        width=22, own=True,
    ),
    Column(
        "no_id_reason", "无证件原因", "没有证件号码时必填：出生未登记、弃婴、户口待办、境外或无国籍，或写明其他原因。",
        choices=("出生未登记", "弃婴", "户口待办", "境外或无国籍"),
    ),
    Column("ethnic_group", "民族", "例如 汉族、回族。", also=("儿童民族",), width=10),
    Column(
        "registered_division", "户籍地行政区划代码", "12 位代码或地名；户籍在外省的也照填。",
        also=("户籍地", "户籍所在地行政区划代码", "户籍地区划代码", "户籍地址", "户籍所在地", "户口所在地"), width=18,
    ),
    Column(
        "living_division", "现居住地行政区划代码", "12 位代码或“乡镇+村”，填到村（社区），见“行政区划代码”表。", True,
        ("现居住地", "居住地行政区划代码", "现居住地区划代码"), width=18,
    ),
    Column(
        "living_address", "现居住地详细地址", "村组、门牌。",
        also=(
            "现住址", "家庭住址", "详细地址", "居住地址", "现居住地址", "现家庭住址", "居住详细地址", "儿童现居住地址",
        ), width=26,
    ),
    Column(
        "responsible_division", "管辖地", "一般留空：留守、孤儿和事实无人抚养按户籍地，其他按现居住地。",
        also=("管辖地行政区划代码",), width=18,
    ),
    Column(
        "category", "儿童类别", "可填多个，用“、”隔开。", also=("类别", "困境类型"), width=18,
        choices=[category.title_zh for category in CATEGORIES.values()],
    ),
    Column("category_from", "类别起始日期", "这一类别从哪一天起，例如 2024-06-14；不填按登记当天。", width=14),
    Column("decision_number", "认定文号", "有认定文书的填文号。", width=18),
    Column(
        "guardian_name", "监护人姓名", "现在实际照看孩子的人。",
        also=("监护人", "实际监护人姓名", "受委托人", "受委托监护人", *under(CARER, ("姓名",))), width=12,
    ),
    Column(
        "guardian_relation", "监护人与儿童关系", "例如 祖母。",
        also=("与儿童关系", "与监护人关系", "监护人关系", *under(CARER, ("与儿童关系", "与儿童的关系", "关系"))),
        choices=[zh for zh, _ in RELATIONS.values()], width=12,
    ),
    Column(
        "guardian_id_number", "监护人证件号码", "18 位，本列为文本格式。",
        also=("监护人身份证号码", "监护人身份证号", *under(CARER, IDS)), width=22,
    ),
    Column(
        "guardian_phone", "监护人电话", "手机或带区号的固定电话。",
        also=("联系电话", "监护人联系电话", "联系方式", *under(CARER, PHONES)), width=14,
    ),
    *FORM,
    ),
    one_of=(("living_division", "living_address"), ("id_number", "no_id_reason")),
    ignored=("错误说明", "原行号"),
    others=(
        "父", "母", "监护", "爷", "奶", "祖", "外公", "外婆", "姥", "家长", "亲属", "照料", "照护", "抚养", "委托",
        "受托", "联系人", "成员", "配偶", "户主", "兄", "弟", "姐", "妹", "学校", "老师", "教师", "班主任", "督导",
        "主任", "帮扶", "结对", "志愿", "责任人", "负责", "走访", "申请人", "开户", "银行", "机构", "寄养", "收养",
        "户籍", "户口", "外出", "务工", "打工", "工作", "单位", "就读", "就学", "村委", "居委", "干部",
    ),
    themselves=("被监护人",),
)  # fmt: skip
