"""Audits (核查规则): what is looked at before money goes out, what each finding means, and what a person does about it.

A finding is no decision: nothing is cut or stopped by it (自动核查不作不利处理). What ought never to be there by
the way a run is made is looked for all the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Audit:
    """Audit (核查项): its title, and what to look at, in Chinese and English; `is_grave`: money may go astray."""

    title_zh: str
    title_en: str
    look_zh: str
    look_en: str
    is_grave: bool = False

    @property
    def titles(self) -> tuple[str, str]:
        """How it is called, in Chinese and English."""
        return self.title_zh, self.title_en


AUDITS: Mapping[str, Audit] = {
    "died": Audit(
        "儿童或领款人已死亡", "Child or payee reported dead",
        "核实死亡信息，暂停并办理终止或更换领款人", "Check the death; suspend and end, or change the payee", True,
    ),
    "grown_up": Audit(
        "满18周岁，在读证明过期", "18 or over, proof of study out of date",
        "请家庭提交本学年在读证明", "Ask the family for this school year's proof",
    ),
    "papers_expired": Audit(
        "父母情形的证明材料过期", "Papers about a parent have expired",
        "核实父母现状，更换材料或复核认定", "Check how the parent is now; get a new paper or review the recognition",
    ),
    "two_categories": Audit(
        "同时持有两项保障类别", "Two paid categories at once",
        "查明按哪一项保障，终止另一项", "Find out which one holds and end the other", True,
    ),
    "alike": Audit(
        "与另一份在保档案疑似同一儿童", "May be the child of another file that is paid for",
        "在疑似重复中判断", "Judge the pair of files", True,
    ),
    "with_tekun": Audit(
        "同时享受特困人员供养", "Support in extreme hardship at once",
        "与社会救助核对，退出其中一项", "Check with social assistance; one of the two has to end", True,
    ),
    "stale_dibao": Audit(
        "低保金额一年以上未更新", "Subsistence allowance not updated for a year",
        "核对现行低保金额，重算补差", "Check the present amount; the difference is counted anew",
    ),
    "shared_card": Audit(
        "多名无亲属关系的儿童共用一个账户", "One card for several unrelated children",
        "核实账户持有人与各儿童的关系", "Check how the holder is related to each child", True,
    ),
    "other_holder": Audit(
        "账户持有人不是儿童本人或监护人", "The card is neither the child's nor the guardian's",
        "核实委托关系或更换账户", "Check why, or change the card", True,
    ),
    "living_parent": Audit(
        "孤儿的监护人是其健在的父母", "The guardian of an orphan is a living parent",
        "核实父母状况，复核认定", "Check the parents; review the recognition", True,
    ),
    "own_kin": Audit(
        "经办人申报的亲属在本次发放中", "Declared kin of an officer who dealt with it",
        "由其他人员再次见面核实", "Somebody else sees the child again", True,
    ),
    "not_seen": Audit(
        "六个月以上无人见到儿童", "Not seen for over six months",
        "安排入户走访", "Visit the family",
    ),
    "moved_out": Audit(
        "现居住地不在本县", "Lives outside the county",
        "核实居住地，办理迁移或终止", "Check where the child lives; move the file or end", False,
    ),
    "adopted": Audit(
        "已被收养仍按孤儿发放", "Adopted, still paid as an orphan",
        "核实收养登记，终止或按继续领取办理", "Check the adoption; end, or apply to keep receiving", True,
    ),
    "two_ways": Audit(
        "在机构安置，按散居标准发放", "In an institution, paid by the scattered standard",
        "核对安置与类别，更正其中之一", "Compare placement and category; correct one of them",
    ),
}  # fmt: skip
"""What is looked for (核查项), the code first."""
