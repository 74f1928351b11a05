"""Numbers with their uncertainty: pure functions of counts and scores."""

from primum.stats.means import mean_estimate
from primum.stats.rates import rate_estimate

__all__ = ["mean_estimate", "rate_estimate"]
