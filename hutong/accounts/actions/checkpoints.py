"""Checkpoints of the trail: where the chain stands, signed, to be kept where nobody of this machine reaches."""

import json
import os
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from hutong.accounts.actions.sealing import seal_trail
from hutong.accounts.chain import Checkpoint
from hutong.accounts.models import TrailCheckpoint
from hutong.accounts.sealed import last_seal
from hutong.kit.cipher import keys


def make_checkpoint() -> Checkpoint | None:
    """Make a checkpoint (生成校验点) after sealing what can be sealed; the database keeps it too. None: nothing sealed.

    Raises Refused as the sealer does.
    """
    seal_trail()
    seal, held, now = last_seal(), keys(), timezone.now()
    if seal is None:
        return None
    unsigned = Checkpoint(seal.number, seal.last_position, bytes(seal.link), now.isoformat(), held.public_key)
    made = Checkpoint(**unsigned.__dict__ | {"signature": held.sign(unsigned.statement)})
    TrailCheckpoint.objects.create(
        seal_number=made.seal,
        position=made.position,
        link=made.link,
        made_at=now,
        public_key=made.public_key,
        signature=made.signature,
    )
    return made


def keep_checkpoint() -> Path | None:
    """Keep a checkpoint (留存校验点) as a file in the folder of checkpoints, from which others take it away."""
    made = make_checkpoint()
    if made is None:
        return None
    settings.CHECKPOINTS_DIR.mkdir(parents=True, exist_ok=True)
    path: Path = settings.CHECKPOINTS_DIR / f"trail-{made.made_at[:10]}-{made.position}.json"
    write_checkpoint(made, path)
    return path


def write_checkpoint(made: Checkpoint, path: Path) -> None:
    """Write a checkpoint (写出校验点) whole or not at all."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_text(json.dumps(made.document(), indent=1) + "\n")
    os.replace(draft, path)


def files_of_checkpoints() -> list[Path]:
    """The checkpoints in the folder (文件夹内校验点)."""
    return sorted(settings.CHECKPOINTS_DIR.glob("trail-*.json"))
