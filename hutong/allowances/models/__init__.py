"""The tables of the allowances."""

from hutong.allowances.models.application import Application, ApplicationStep
from hutong.allowances.models.data_check import DataBatch, DataCheck
from hutong.allowances.models.decision import Decision, ItemLook
from hutong.allowances.models.finding import AuditFinding
from hutong.allowances.models.hand_hold import HandHold
from hutong.allowances.models.lead import DepartmentList, Lead, LeadEnd, ListRuling
from hutong.allowances.models.national import NationalEntry
from hutong.allowances.models.outgoing import OutgoingApplication, OutgoingRecord
from hutong.allowances.models.recognition import RecognitionEnd, RecognitionReview, RecognitionSuspension
from hutong.allowances.models.run import Basis, Beneficial, Opening, Overpaid, Reckoned, Run, RunLine
from hutong.allowances.models.standard import Standard, StandardPaper

__all__ = [
    "Application",
    "ApplicationStep",
    "AuditFinding",
    "Basis",
    "Beneficial",
    "DataBatch",
    "DataCheck",
    "Decision",
    "DepartmentList",
    "HandHold",
    "ItemLook",
    "Lead",
    "LeadEnd",
    "ListRuling",
    "NationalEntry",
    "Opening",
    "OutgoingApplication",
    "OutgoingRecord",
    "Overpaid",
    "Reckoned",
    "RecognitionEnd",
    "RecognitionReview",
    "RecognitionSuspension",
    "Run",
    "RunLine",
    "Standard",
    "StandardPaper",
]
