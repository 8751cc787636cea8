"""Several acts at the same moment, each in its own connection."""

from collections.abc import Callable
from threading import Thread

from django.db import connections, transaction

from hutong.accounts.actions.guard import Refused


def at_once(*acts: Callable[[], object]) -> list[str]:
    """What became of each: `done` or `refused`, sorted; any other end is named by its kind."""
    outcomes: list[str] = []

    def run(act: Callable[[], object]) -> None:
        try:
            with transaction.atomic():
                act()
            outcomes.append("done")
        except Refused:
            outcomes.append("refused")
        except Exception as error:
            outcomes.append(type(error).__name__)
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    return sorted(outcomes)
