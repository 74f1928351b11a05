"""What an audit says: findings, each with its method, its limit and the rows that it is about."""

from dataclasses import dataclass
from typing import Literal

Unit = Literal["rows", "share", "words", "AUROC", "ratio", "likeness"]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that was looked at."""

    name: str
    value: float | None
    """None where there was nothing to look at."""
    unit: Unit
    how: str
    """The method in one sentence, the same for every set."""
    of: int
    """How many rows (pairs, references) were looked at."""
    detail: str = ""
    """Numbers behind the value."""
    low: float | None = None
    """95 % interval, for what is estimated and not counted."""
    high: float | None = None
    at_most: float | None = None
    at_least: float | None = None
    places: tuple[str, ...] = ()
    """File and row of what was found, the first of them."""

    @property
    def passed(self) -> bool | None:
        """Whether it keeps its limit; None where it has none, or nothing was there."""
        if self.value is None or (self.at_most is None and self.at_least is None):
            return None
        high_enough = self.at_least is None or self.value >= self.at_least
        return high_enough and (self.at_most is None or self.value <= self.at_most)


@dataclass(frozen=True, kw_only=True)
class Audit:
    """All findings about one request set."""

    dataset: str
    version: str
    splits: dict[str, int]
    """Rows of each split."""
    sha256: dict[str, str]
    limits: str
    """Name of the limits that were applied."""
    against: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def failed(self) -> tuple[Finding, ...]:
        """Findings beyond their limit."""
        return tuple(finding for finding in self.findings if finding.passed is False)
