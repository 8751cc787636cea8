"""Nouns of the accounts."""

from hutong.accounts.models.access import Grant, Posting
from hutong.accounts.models.attempt import SignInAttempt
from hutong.accounts.models.copy import Copy, CopyState
from hutong.accounts.models.delegation import Delegation
from hutong.accounts.models.device import Device, PhoneBinding
from hutong.accounts.models.document import IssuedDocument
from hutong.accounts.models.emergency import EmergencyAccess
from hutong.accounts.models.factor import Authenticator, Passkey, RecoveryCode
from hutong.accounts.models.kin import DeclaredKin
from hutong.accounts.models.notice import Notice, NoticeRead
from hutong.accounts.models.person import ClosedReason, Person
from hutong.accounts.models.purpose import Purpose, PurposeReason
from hutong.accounts.models.saved import SavedFilter
from hutong.accounts.models.seal import TrailCheckpoint, TrailSeal
from hutong.accounts.models.sign_in import Ending, SignIn, Way
from hutong.accounts.models.task import Task
from hutong.accounts.models.trail import TrailEntry

__all__ = [
    "Authenticator",
    "ClosedReason",
    "Copy",
    "CopyState",
    "DeclaredKin",
    "Delegation",
    "Device",
    "EmergencyAccess",
    "Ending",
    "Grant",
    "IssuedDocument",
    "Notice",
    "NoticeRead",
    "Passkey",
    "Person",
    "PhoneBinding",
    "Posting",
    "Purpose",
    "PurposeReason",
    "RecoveryCode",
    "SavedFilter",
    "SignIn",
    "SignInAttempt",
    "Task",
    "TrailCheckpoint",
    "TrailEntry",
    "TrailSeal",
    "Way",
]
