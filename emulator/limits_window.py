"""A sliding window of amounts: what counts towards a limit, and when there is room again."""

from collections import deque


class Window:
    """Amounts of the last ``seconds``; instants are seconds of one monotonic clock."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._entries: deque[tuple[float, float]] = deque()
        self.total = 0.0

    def add(self, at: float, amount: float) -> None:
        """Count an amount; instants never go back."""
        self._entries.append((at, amount))
        self.total += amount

    def forget(self, now: float) -> None:
        """Drop what is older than the window."""
        while self._entries and self._entries[0][0] <= now - self._seconds:
            self.total -= self._entries.popleft()[1]
        if not self._entries:
            self.total = 0.0

    def free_at(self, allowed: float, now: float) -> float:
        """The first instant at which no more than ``allowed`` is left of what is there now."""
        left = self.total
        for at, amount in self._entries:
            if left <= allowed:
                break
            left -= amount
            now = at + self._seconds
        return now
