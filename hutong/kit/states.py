"""States (状态机): which step leads from which state to which, as one table that a page, a verb and a test all read."""

from collections.abc import Mapping


class WrongStep(Exception):
    """A step that leads nowhere from a state (不可办理的环节)."""

    def __init__(self, state: str, step: str) -> None:
        super().__init__(f"{step} from {state}")
        self.state, self.step = state, step


class States:
    """States (状态机): `moves` gives for every step the state it leads to, by the state it starts from."""

    def __init__(self, moves: Mapping[str, Mapping[str, str]]) -> None:
        self._moves = {step: dict(pairs) for step, pairs in moves.items()}

    def after(self, state: str, step: str) -> str:
        """The state a step leads to (下一状态). Raises WrongStep."""
        try:
            return self._moves[step][state]
        except KeyError:
            raise WrongStep(state, step) from None

    def steps_from(self, state: str) -> tuple[str, ...]:
        """The steps that are possible in a state (可办环节), in the order of the table."""
        return tuple(step for step, pairs in self._moves.items() if state in pairs)
