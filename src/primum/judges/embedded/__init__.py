"""The embedded judge: readable features, a linear model, no network and no pickle."""

from primum.judges.embedded.judge import EMBEDDED_JUDGE

__all__ = ["EMBEDDED_JUDGE"]
