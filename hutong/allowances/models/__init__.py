"""The tables of the allowances."""

from hutong.allowances.models.application import Application, ApplicationStep
from hutong.allowances.models.data_check import DataBatch, DataCheck
from hutong.allowances.models.decision import Decision, ItemLook
from hutong.allowances.models.national import NationalEntry
from hutong.allowances.models.recognition import RecognitionEnd, RecognitionReview, RecognitionSuspension
from hutong.allowances.models.standard import Standard, StandardPaper

__all__ = [
    "Application",
    "ApplicationStep",
    "DataBatch",
    "DataCheck",
    "Decision",
    "ItemLook",
    "NationalEntry",
    "RecognitionEnd",
    "RecognitionReview",
    "RecognitionSuspension",
    "Standard",
    "StandardPaper",
]
