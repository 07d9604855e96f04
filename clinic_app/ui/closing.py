"""The question whether a window may close."""


class Closing:
    """Whoever has unsaved work vetoes with a sentence."""

    def __init__(self) -> None:
        self.reasons: list[str] = []

    def veto(self, reason: str) -> None:
        """Keep the window open and tell why."""
        self.reasons.append(reason)
