"""Numbers with their uncertainty: pure functions of counts and scores."""

from primum.stats.agreement import STATISTICS, Statistic, agreement_estimate
from primum.stats.bootstrap import BootstrapMeans, bootstrap_means, bootstrap_statistic, cluster_numbers
from primum.stats.comparison import (
    Difference,
    McNemar,
    NonInferiority,
    holm,
    mcnemar,
    non_inferior,
    paired_difference,
)
from primum.stats.correction import CannotCorrect, NoCorrection
from primum.stats.effects import Effect, cohens_h, discordant_odds_ratio, relative_risk, risk_difference
from primum.stats.krippendorff import alpha_statistic, krippendorff_alpha
from primum.stats.means import mean_estimate
from primum.stats.power import (
    Discordance,
    design_effect,
    discordance,
    discordance_of_rates,
    power_of_difference,
    requests_for_difference,
    requests_for_half_width,
)
from primum.stats.ppi import ppi_estimate, weighted_ppi_estimate
from primum.stats.rates import rate_estimate
from primum.stats.ratios import RelativeChange, ratio_estimate, relative_change
from primum.stats.rogan_gladen import JudgeError, rogan_gladen_estimate

__all__ = [
    "STATISTICS",
    "BootstrapMeans",
    "CannotCorrect",
    "Difference",
    "Discordance",
    "Effect",
    "JudgeError",
    "McNemar",
    "NoCorrection",
    "NonInferiority",
    "RelativeChange",
    "Statistic",
    "agreement_estimate",
    "alpha_statistic",
    "bootstrap_means",
    "bootstrap_statistic",
    "cluster_numbers",
    "cohens_h",
    "design_effect",
    "discordance",
    "discordance_of_rates",
    "discordant_odds_ratio",
    "holm",
    "krippendorff_alpha",
    "mcnemar",
    "mean_estimate",
    "non_inferior",
    "paired_difference",
    "power_of_difference",
    "ppi_estimate",
    "rate_estimate",
    "ratio_estimate",
    "relative_change",
    "relative_risk",
    "requests_for_difference",
    "requests_for_half_width",
    "risk_difference",
    "rogan_gladen_estimate",
    "weighted_ppi_estimate",
]
