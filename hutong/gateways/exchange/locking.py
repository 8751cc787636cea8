"""Workbooks behind a password (加密工作簿): locked and unlocked as Excel and WPS do (ECMA-376, agile, AES-256)."""

import secrets
from io import BytesIO

from django.conf import settings
from msoffcrypto.exceptions import FileFormatError, InvalidKeyError
from msoffcrypto.format.ooxml import OOXMLFile

from hutong.gateways.exchange.questions import RefusedReturn
from hutong.kit.workbooks.kinds import COMPOUND_SIGNATURE
from hutong.law.copies import SERIAL_CHARACTERS

GROUPS, GROUP_LENGTH, PASSWORD_AT_LEAST = 4, 4, 12
SPINS_AT_MOST = 1_000_000  # Excel and WPS spin a hundred thousand times; more only keeps us busy


def new_password() -> str:
    """A password for one batch (文件密码), `7K2M-9QXC-T4WD-HN3B`: told by telephone, never with the file."""
    groups = ("".join(secrets.choice(SERIAL_CHARACTERS) for _at in range(GROUP_LENGTH)) for _group in range(GROUPS))
    return "-".join(groups)


def lock(workbook: bytes, password: str) -> bytes:
    """An xlsx behind a password. Raises ValueError for one that is too short."""
    if len(password) < PASSWORD_AT_LEAST:
        raise ValueError("the password is too short")
    target = BytesIO()
    OOXMLFile(BytesIO(workbook)).encrypt(password, target)
    return target.getvalue()


def is_locked(content: bytes) -> bool:
    """Whether a file is behind a password, or an old kind of workbook."""
    return content.startswith(COMPOUND_SIGNATURE)


def unlock(content: bytes, password: str) -> bytes:
    """The workbook behind a password. Raises RefusedReturn."""
    if len(content) > settings.UPLOAD_LIMIT_BYTES:
        raise RefusedReturn("too_large")
    target = BytesIO()
    try:
        locked = OOXMLFile(BytesIO(content))
        if locked.info.get("spinValue", 0) > SPINS_AT_MOST:
            raise RefusedReturn("unreadable")
        _load_key(locked, password)
        locked.decrypt(target, verify_integrity=True)
    except RefusedReturn:
        raise
    except FileFormatError as error:
        raise RefusedReturn("not_xlsx") from error
    except Exception as error:  # a reader fed by strangers fails in every way there is
        raise RefusedReturn("unreadable") from error
    return target.getvalue()


def _load_key(locked: OOXMLFile, password: str) -> None:
    if not password.strip():
        raise RefusedReturn("wrong_password")
    try:
        locked.load_key(password=password.strip(), verify_password=True)
    except InvalidKeyError as error:
        raise RefusedReturn("wrong_password") from error
