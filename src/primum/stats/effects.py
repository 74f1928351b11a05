"""How large the difference between two models' rates is, from one paired table: as a difference, a ratio, odds, or an angle.

Worked examples for the first three: Fagerland, Lydersen and Laake 2014, Statistics in Medicine 33:2850.
"""

from dataclasses import dataclass
from math import asin, inf, nan, sqrt
from statistics import NormalDist

from primum.stats.comparison import McNemar
from primum.stats.rates import wilson_interval


@dataclass(frozen=True, kw_only=True)
class Effect:
    """One measure of a difference between two paired rates."""

    name: str
    value: float
    """NaN where the table does not define it."""
    low: float
    high: float
    level: float
    method: str


def risk_difference(table: McNemar, level: float = 0.95) -> Effect:
    """First rate minus second, with the square-and-add interval.

    Newcombe 1998, Statistics in Medicine 17:2635, method 10: a positive correlation is corrected for continuity.

    Raises:
        ValueError: no requests.
    """
    n, first, second = _margins(table)
    one, other, r = first / n, second / n, _correlation(table, less=n / 2)
    low_one, high_one = wilson_interval(first, n, level)
    low_other, high_other = wilson_interval(second, n, level)
    below = _joined(one - low_one, high_other - other, r)
    above = _joined(high_one - one, other - low_other, r)
    value = one - other
    return Effect(
        name="risk_difference", value=value, low=value - below, high=value + above, level=level, method="newcombe"
    )


def relative_risk(table: McNemar, level: float = 0.95) -> Effect:
    """First rate over second, with the hybrid Wilson interval (Bonett and Price 2006, Biometrics 62:1133).

    Raises:
        ValueError: no requests.
    """
    _, first, second = _margins(table)
    any_event = table.both + table.only_first + table.only_second
    low, high = 0.0, inf
    if any_event:
        joint = sqrt((table.only_first + table.only_second + 2) / ((first + 1) * (second + 1)))
        alone = sum(sqrt((1 - (count + 1) / (any_event + 2)) / (count + 1)) for count in (first, second))
        # Wilson's limits at a z that is smaller, because the two rates go together.
        z = joint / alone * NormalDist().inv_cdf((1 + level) / 2)
        inner = 2 * NormalDist().cdf(z) - 1
        low_one, high_one = wilson_interval(first, any_event, inner)
        low_other, high_other = wilson_interval(second, any_event, inner)
        low, high = low_one / high_other, (high_one / low_other if low_other > 0 else inf)
    value = first / second if second else (inf if first else nan)
    return Effect(name="relative_risk", value=value, low=low, high=high, level=level, method="bonett-price")


def discordant_odds_ratio(table: McNemar, level: float = 0.95) -> Effect:
    """Odds that of two models that differ it is the first that has the event, with the exact conditional interval.

    Clopper and Pearson's limits of only_first among the discordant requests, as odds.
    """
    from scipy.special import betaincinv  # here, because it takes longer to import than all the rest

    b, c, tail = table.only_first, table.only_second, (1 - level) / 2
    low = float(betaincinv(b, c + 1, tail)) if b else 0.0
    high = float(betaincinv(b + 1, c, 1 - tail)) if c else 1.0
    value = b / c if c else (inf if b else nan)
    return Effect(
        name="discordant_odds_ratio",
        value=value,
        low=low / (1 - low),
        high=high / (1 - high) if high < 1 else inf,
        level=level,
        method="clopper-pearson",
    )


def cohens_h(table: McNemar, level: float = 0.95) -> Effect:
    """Difference of the rates' arcsines: 0.2 small, 0.5 medium, 0.8 large (Cohen 1988, chapter 6).

    Each angle has variance 1/n whatever the rate, so two that correlate by r differ with variance 2 (1 - r) / n.

    Raises:
        ValueError: no requests.
    """
    n, first, second = _margins(table)
    value = 2 * asin(sqrt(first / n)) - 2 * asin(sqrt(second / n))
    half = NormalDist().inv_cdf((1 + level) / 2) * sqrt(2 * (1 - _correlation(table)) / n)
    return Effect(name="cohens_h", value=value, low=value - half, high=value + half, level=level, method="arcsine")


def _margins(table: McNemar) -> tuple[int, int, int]:
    """Requests, events of the first, events of the second."""
    if not table.n:
        raise ValueError("no requests, so there is no difference")
    return table.n, table.both + table.only_first, table.both + table.only_second


def _correlation(table: McNemar, less: float = 0.0) -> float:
    """Phi of the paired table, its numerator drawn towards 0 from above by ``less``; 0 where a rate is 0 or 1."""
    n, first, second = _margins(table)
    spread = first * (n - first) * second * (n - second)
    excess = table.both * table.neither - table.only_first * table.only_second
    return (max(0.0, excess - less) if excess > 0 else excess) / sqrt(spread) if spread else 0.0


def _joined(one: float, other: float, correlation: float) -> float:
    """Length of the difference of two errors that correlate."""
    return sqrt(max(0.0, one * one + other * other - 2 * correlation * one * other))
