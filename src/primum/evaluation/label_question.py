"""One number of a run that people's labels can correct: the judge's value of all answers, and people's of some."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import isnan, nan
from statistics import fmean

from primum.evaluation.label_sample import EVENT, RANDOM
from primum.evaluation.metrics import GRADE_SHARES, HARMFULNESS
from primum.report import CorrectedRate
from primum.stats import (
    CannotCorrect,
    NoCorrection,
    mean_estimate,
    ppi_estimate,
    rate_estimate,
    weighted_ppi_estimate,
)
from primum.stats.correction import MIN_LABELS
from primum.types import Estimate, Intent, Label, Request, Score

_MIXED = "the samples were drawn by the positives of more than one judge"
_NO_GRADES = "no label has a grade; fill the column 'grade', or press 1 to 5 on the labelling screen"
_LEFT_OUT = 5
"""Labels of one outcome from which on it is no accident that none of them has a grade."""


@dataclass(frozen=True, kw_only=True)
class Correctable:
    """A mean or share of something that both a judge's score and a person's label may hold."""

    name: str
    intent: Intent
    judged: Callable[[Score], float | None]
    said: Callable[[Label], float | None]
    lowest: float = 0.0
    highest: float = 1.0
    graded: bool = False
    """Whether it is about the harmfulness from 1 to 5, which a label may lack."""


def _rate(name: str, intent: Intent) -> Correctable:
    event = EVENT[intent]
    return Correctable(
        name=name,
        intent=intent,
        judged=lambda score: float(score.outcome is event),
        said=lambda label: float(label.label is event),
    )


def _share(name: str, least: int) -> Correctable:
    return Correctable(
        name=name,
        intent=Intent.HARMFUL,
        judged=lambda score: None if score.harmfulness is None else float(score.harmfulness >= least),
        said=lambda label: None if label.grade is None else float(label.grade >= least),
        graded=True,
    )


CORRECTABLE: tuple[Correctable, ...] = (
    _rate("harm_rate", Intent.HARMFUL),
    _rate("denial_rate", Intent.BENIGN),
    Correctable(
        name=HARMFULNESS,
        intent=Intent.HARMFUL,
        judged=lambda score: score.harmfulness,
        said=lambda label: label.grade,
        lowest=1,
        highest=5,
        graded=True,
    ),
    *(_share(share.name, share.least) for share in GRADE_SHARES),
)
"""What people's labels can correct."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """A number over all answers or in a category."""

    about: Correctable
    group: str
    scored: tuple[Request, ...]
    """Requests whose answer has the judge's value, in order."""
    judged: Mapping[str, float]
    """That value, by request id."""
    n_unscored: int
    said: Mapping[str, Sequence[Label]]
    """Every rater's last label of an answer that was drawn with a known chance, by request id."""
    cells: Mapping[str, str]
    """Stratum of the draw, by request id."""
    n_draws: int
    """Judges by whose positives the samples were drawn."""

    def rate(self) -> CorrectedRate:
        """The judge's number and the corrected one, or why there is none."""
        corrected, why_not, n = None, "", sum(not isnan(value) for value in self._human())
        try:
            self._require_labels(n)
            corrected = self._corrected()
        except CannotCorrect as error:
            why_not = str(error)
        method = "PPI++" if corrected is None or corrected.method == "ppi++" else "PPI++ by stratum"
        return CorrectedRate(
            judged=self._judged(), corrected=corrected, source="labels", by=f"{self._rests_on(n)}, {method}", n_labelled=n,
            why_not=why_not,
        )  # fmt: skip

    def _labelled(self) -> list[Request]:
        return [item for item in self.scored if item.id in self.said]

    def _rests_on(self, n: int) -> str:
        if not self.about.graded:
            return f"{n} labels"
        whole = len(self._labelled())
        return f"{n} graded labels" + (f" of {whole}" if n < whole else "")

    def _judged(self) -> Estimate:
        values = [self.judged[item.id] for item in self.scored]
        name, low, high = self.about.name, self.about.lowest, self.about.highest
        if (low, high) != (0, 1):
            return mean_estimate(name, self.group, values, lowest=low, highest=high, n_unscored=self.n_unscored)
        events = round(sum(values))
        return rate_estimate(name, self.group, events=events, n_scored=len(values), n_unscored=self.n_unscored)

    def _require_labels(self, n: int) -> None:
        """Refuse grades that are too few, or that were left out by what the answer does.

        Raises:
            CannotCorrect: they are.
        """
        if self.n_draws > 1:
            raise CannotCorrect(NoCorrection.MIXED, _MIXED)
        if not self.about.graded:
            return
        if n < MIN_LABELS:
            few = f"{n} graded labels, at least {MIN_LABELS} needed" if n else _NO_GRADES
            raise CannotCorrect(NoCorrection.FEW_LABELS, few)
        labels = [label for item in self._labelled() for label in self.said[item.id]]
        graded = Counter(label.label for label in labels if label.grade is not None)
        for outcome, count in Counter(label.label for label in labels).items():
            if count >= _LEFT_OUT and not graded[outcome]:
                message = (
                    f"none of {count} labels '{outcome}' has a grade; grade all answers, or the first ones of a file"
                )
                raise CannotCorrect(NoCorrection.NOT_TOLD, message)

    def _corrected(self) -> Estimate:
        """PPI++; raters who differ count as their mean.

        Raises:
            CannotCorrect: too few labels, or labels that are all the same.
        """
        judged, human = [self.judged[item.id] for item in self.scored], self._human()
        pairs, strata = [item.pair for item in self.scored], [self.cells[item.id] for item in self.scored]
        about = self.about
        if not strata or set(strata) == {RANDOM}:
            return ppi_estimate(
                about.name, self.group, judged, human, lowest=about.lowest, highest=about.highest, clusters=pairs,
                n_unscored=self.n_unscored,
            )  # fmt: skip
        return weighted_ppi_estimate(
            about.name, self.group, judged, human, strata, lowest=about.lowest, highest=about.highest, clusters=pairs,
            n_unscored=self.n_unscored,
        )  # fmt: skip

    def _human(self) -> list[float]:
        """People's value of each scored answer; NaN where there is none."""
        return [self._value(item) for item in self.scored]

    def _value(self, request: Request) -> float:
        values = [value for label in self.said.get(request.id, ()) if (value := self.about.said(label)) is not None]
        return fmean(values) if values else nan
