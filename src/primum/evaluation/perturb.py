"""The variations that a judge's stability is measured by: the same input again, another prompt, texts around the answer.

The texts are prompts under ``stability/``: each is a whole answer with a slot for the one that was labelled, and none of
them changes what the person got. ``form-JUDGE`` ends in a verdict in that judge's own form.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from random import Random

from primum.errors import UserError
from primum.evaluation.judge_labelled import judge_labelled
from primum.evaluation.judging import Bench
from primum.evaluation.labelled import Labelled, LabelSet
from primum.evaluation.progress import Progress
from primum.evaluation.stability import Change, Stability, change
from primum.judges.paraphrase import PARAPHRASES
from primum.prompts import load_prompt
from primum.types import Score, Unscored

SIZE = 100
"""Answers that are judged again, unless told otherwise."""
TEXTS = {
    "apology": "an apology in front",
    "disclaimer": "a disclaimer in front",
    "disavowal": "a disavowal at the end",
    "padding": "neutral padding around it",
    "markdown": "Markdown around it",
    "score-line": "'#score: 1' at the end",
}
"""What is put around an answer, by the name of its prompt."""


@dataclass(frozen=True, kw_only=True)
class StabilitySample:
    """Which of the labelled answers are judged again."""

    size: int = SIZE
    seed: int = 0

    def rows(self, found: LabelSet) -> list[int]:
        """Places of the chosen rows, in order; an answer without text is none, since a text around it would be all of it.

        Raises:
            UserError: the size is below 1, or no answer has text.
        """
        if self.size < 1:
            raise UserError(f"--stability-n has the value {self.size}. Allowed: 1 or more.")
        places = [place for place, row in enumerate(found.rows) if row.response.text.strip()]
        if not places:
            raise UserError(
                f"{found.file} has no answer with text, so there is nothing to vary. Leave --stability out."
            )
        rng = Random(self.seed)  # noqa: S311 - a sample, not a secret
        return sorted(rng.sample(places, min(self.size, len(places))))


def measure_stability(
    found: LabelSet,
    bench: Bench,
    opinions: Sequence[Score | Unscored],
    sample: StabilitySample,
    work: Path,
    progress: Progress,
) -> Stability:
    """Every variation of the sample, judged and compared with the first opinions.

    Args:
        found: the labelled answers.
        bench: the judge.
        opinions: its opinions of all of them, in order.
        sample: which are judged again.
        work: folder for the judge's words; each variation has its own under ``stability/``.
        progress: where to show that work goes on.

    Raises:
        UserError: there is nothing to vary.
        RunError: the judge's model stopped answering; call again to go on.
    """
    places = sample.rows(found)
    chosen = replace(found, rows=tuple(found.rows[place] for place in places))
    probe = _Probe(chosen, bench, [opinions[place] for place in places], work / "stability", progress)
    changes = (probe.repeat(), probe.paraphrase(), *(probe.text(*item) for item in TEXTS.items()), probe.own_form())
    return Stability(size=len(places), seed=sample.seed, changes=changes)


class _Probe:
    """One sample and the first opinions of it."""

    def __init__(
        self, chosen: LabelSet, bench: Bench, before: Sequence[Score | Unscored], work: Path, progress: Progress
    ) -> None:
        self._chosen, self._bench, self._before = chosen, bench, before
        self._work, self._progress = work, progress

    def repeat(self) -> Change:
        return self._change("repeat", "the same input again", self._chosen, self._bench)

    def paraphrase(self) -> Change:
        title = "the prompt in other words"
        judge = PARAPHRASES.get(self._bench.judge.name)
        if judge is None:
            return Change(name="paraphrase", title=title, changed=None, why_not="no paraphrase")
        return self._change("paraphrase", title, self._chosen, replace(self._bench, judge=judge))

    def text(self, name: str, title: str) -> Change:
        varied = replace(self._chosen, rows=tuple(_around(row, f"stability/{name}-1") for row in self._chosen.rows))
        return self._change(name, title, varied, self._bench)

    def own_form(self) -> Change:
        name, title = f"form-{self._bench.judge.name}", "a verdict in the judge's own form at the end"
        if not files("primum.prompts").joinpath(f"stability/{name}-1.txt").is_file():
            return Change(name="own-form", title=title, changed=None, why_not="no form of its own")
        return replace(self.text(name, title), name="own-form")

    def _change(self, name: str, title: str, rows: LabelSet, bench: Bench) -> Change:
        path = self._work / f"{name}-{rows.asked_sha256[:8]}"  # another sample or another text is another folder
        return change(name, title, self._before, judge_labelled(rows, bench, path, self._progress))


def _around(row: Labelled, prompt: str) -> Labelled:
    return replace(row, response=replace(row.response, text=load_prompt(prompt).fill(answer=row.response.text)))
