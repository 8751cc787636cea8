"""The tables of the allowances."""

from hutong.allowances.models.application import Application, ApplicationStep
from hutong.allowances.models.data_check import DataBatch, DataCheck
from hutong.allowances.models.decision import Decision, ItemLook
from hutong.allowances.models.hand_hold import HandHold
from hutong.allowances.models.national import NationalEntry
from hutong.allowances.models.recognition import RecognitionEnd, RecognitionReview, RecognitionSuspension
from hutong.allowances.models.run import Basis, Beneficial, Opening, Overpaid, Reckoned, Run, RunLine

__all__ = [
    "Application",
    "ApplicationStep",
    "Basis",
    "Beneficial",
    "DataBatch",
    "DataCheck",
    "Decision",
    "HandHold",
    "ItemLook",
    "NationalEntry",
    "Opening",
    "Overpaid",
    "Reckoned",
    "RecognitionEnd",
    "RecognitionReview",
    "RecognitionSuspension",
    "Run",
    "RunLine",
]
