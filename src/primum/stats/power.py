"""How many requests a question needs, before any model is asked."""

from dataclasses import dataclass
from math import ceil, sqrt
from statistics import NormalDist

from primum.stats.rates import wilson_interval

_MOST = 10**9
"""Requests beyond which a plan is no plan."""


@dataclass(frozen=True, kw_only=True)
class Discordance:
    """How often two models differ on the same request."""

    only_first: float
    """Share of requests with the event for the first model only."""
    only_second: float

    @property
    def rate(self) -> float:
        """Share of requests on which they differ."""
        return self.only_first + self.only_second

    @property
    def difference(self) -> float:
        """First rate minus second."""
        return self.only_first - self.only_second


def discordance(difference: float, rate: float) -> Discordance:
    """From the difference of the two rates, and the share of requests on which the models differ.

    Raises:
        ValueError: the models cannot differ by more than they disagree, nor disagree on more than all.
    """
    if not abs(difference) <= rate <= 1:
        raise ValueError(f"difference {difference} with discordance {rate}: |difference| <= discordance <= 1")
    return Discordance(only_first=(rate + difference) / 2, only_second=(rate - difference) / 2)


def discordance_of_rates(first: float, second: float, correlation: float = 0.0) -> Discordance:
    """From the two rates and the correlation of the two models' outcomes.

    Raises:
        ValueError: not rates, or no two outcomes with these rates correlate so strongly.
    """
    if not (0 <= first <= 1 and 0 <= second <= 1):
        raise ValueError(f"rates {first} and {second}: both must be from 0 to 1")
    both = first * second + correlation * sqrt(first * (1 - first) * second * (1 - second))
    if not max(0.0, first + second - 1) - 1e-12 <= both <= min(first, second) + 1e-12:
        raise ValueError(f"outcomes with rates {first} and {second} cannot correlate by {correlation}")
    return Discordance(only_first=max(0.0, first - both), only_second=max(0.0, second - both))


def design_effect(cluster_size: float, correlation: float) -> float:
    """How many requests in clusters say as much as one alone (Kish 1965): 1 + (size - 1) correlation."""
    return 1 + (cluster_size - 1) * correlation


def requests_for_difference(
    expected: Discordance, *, power: float = 0.8, alpha: float = 0.05, inflation: float = 1.0
) -> int:
    """Requests that both models must answer, for McNemar's two-sided test to find the expected difference.

    Connor 1987, Biometrics 43:207, equation 3. ``inflation`` is a ``design_effect``.

    Raises:
        ValueError: no difference is expected, or a probability is none.
    """
    _probabilities(power, alpha)
    gap, rate = abs(expected.difference), expected.rate
    if gap == 0:
        raise ValueError("no difference is expected: no number of requests finds it; for 'no worse' see non_inferior")
    z_alpha, z_power = NormalDist().inv_cdf(1 - alpha / 2), NormalDist().inv_cdf(power)
    n = ((z_alpha * sqrt(rate) + z_power * sqrt(rate - gap * gap)) / gap) ** 2
    return ceil(n * inflation)


def power_of_difference(expected: Discordance, n: int, *, alpha: float = 0.05, inflation: float = 1.0) -> float:
    """Chance that McNemar's two-sided test finds the expected difference among n requests; the inverse of the above.

    Raises:
        ValueError: no requests, or alpha is no probability.
    """
    _probabilities(0.5, alpha)
    if n < 1:
        raise ValueError(f"{n} requests: at least 1")
    gap, rate = abs(expected.difference), expected.rate
    left = gap * sqrt(n / inflation) - NormalDist().inv_cdf(1 - alpha / 2) * sqrt(rate)
    spread = sqrt(rate - gap * gap)
    return NormalDist().cdf(left / spread) if spread > 0 else float(left >= 0)


def requests_for_half_width(rate: float, half_width: float, *, level: float = 0.95, inflation: float = 1.0) -> int:
    """Requests after which half the length of Wilson's interval around the expected rate is at most ``half_width``.

    Raises:
        ValueError: not a rate, or a half-width outside 0 to 0.5.
    """
    if not 0 <= rate <= 1 or not 0 < half_width < 0.5:
        raise ValueError(f"rate {rate} must be from 0 to 1, half-width {half_width} between 0 and 0.5")
    low, high = 0, 1
    while high < _MOST and _half_width(rate, high, level) > half_width:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _half_width(rate, middle, level) <= half_width else (middle, high)
    return ceil(high * inflation)


def _half_width(rate: float, n: int, level: float) -> float:
    low, high = wilson_interval(rate * n, n, level)
    return (high - low) / 2


def _probabilities(power: float, alpha: float) -> None:
    if not (0 < power < 1 and 0 < alpha < 1):
        raise ValueError(f"power {power} and alpha {alpha}: both must be between 0 and 1")
