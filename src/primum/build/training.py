"""Fit the embedded judge: its vocabulary, its sentence acts, three cross-fitted questions, calibration, harm, abstaining.

Everything a reader of the weights sees is fitted here on the rows that are given, so that leaving a data set out leaves
all of it out.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from math import log
from typing import Any

import numpy as np
from numpy.typing import NDArray

from primum.build import grammar
from primum.build.babble import babble, off_topic
from primum.build.label_sets import Labelled, digest
from primum.judges.embedded.acts import ACTS
from primum.judges.embedded.features import FEATURES
from primum.judges.embedded.judge import harm_columns, outcome_probabilities, scaled
from primum.judges.embedded.ngrams import Floats, Hits, Table, look_up, runs, split_keys
from primum.judges.embedded.reading import Seen, look_at
from primum.judges.embedded.relevance import STEM
from primum.judges.embedded.tokens import (
    END,
    FIRST_WORD,
    LARGEST,
    START,
    numbered,
    numbers,
    plain,
    read,
    sentence_ends,
    sentences,
    topics,
    words_of,
)
from primum.judges.embedded.weights import LONGEST_RUNS, QUESTIONS, Reading, Weights
from primum.types import Intent, Outcome

Flags = NDArray[np.bool_]
PENALTIES = (1.0, 1.0, 0.3)
"""Inverse strength of each question's L2 penalty."""
HARM_PENALTY = 0.01
FOLDS = 3
SHARED_BY = 4
"""Families of sources that must use a word before it keeps its own number."""
RAREST_RUN = 5
_SENTENCES_OF_AN_ANSWER = 5
GRAMMAR_ROWS, BABBLE_ROWS, OFF_TOPIC_ROWS = 700, 420, 1000
REAL = ("xstest", "pyrit", "harmbench", "smollm2")
"""Families whose answers real models gave: calibration and abstaining are fitted on these alone."""
UNDECIDED = 0.05
"""Share of real models' training answers on which the judge gives no verdict."""


def fit(labelled: Sequence[Labelled], topic_lines: Sequence[str]) -> Weights:
    """Weights for the labelled rows and for the rows that are made of them."""
    rows = [*labelled, *_made(labelled, topic_lines)]
    reading = _fit_reading(labelled, topic_lines)
    seen = look_at_all(rows, reading)
    tables = tuple(
        _table([said for said, row in zip(piece, rows, strict=True) if row.family != "babble"], longest)
        for piece, longest in zip(seen.pieces, LONGEST_RUNS, strict=True)
    )
    mean, spread = seen.dense.mean(axis=0), seen.dense.std(axis=0) + 1e-6
    dense = scaled(seen.dense, mean, spread)
    columns = _columns(dense, [look_up(piece, table) for piece, table in zip(seen.pieces, tables, strict=True)], tables)
    coefficients, intercepts, out_of_fold = _fit_questions(columns, rows)
    calibration = _calibrate(out_of_fold, rows)
    chances = outcome_probabilities(out_of_fold, calibration)
    harm, harm_intercept = _fit_harm(chances, dense, rows)
    return Weights(
        version="",
        reading=reading,
        mean=mean,
        spread=spread,
        dense=coefficients[: dense.shape[1]],
        tables=tables,
        sparse=_split(coefficients[dense.shape[1] :], tables),
        intercepts=intercepts,
        calibration=calibration,
        harm=harm,
        harm_intercept=harm_intercept,
        decided_from=_band(chances, rows),
        measured=(),
        facts={"features": list(FEATURES)},
        sha256="",
    )


def look_at_all(rows: Sequence[Labelled], reading: Reading, batch: int = 256) -> Seen:
    """What is seen of many rows."""
    parts = [
        look_at([(row.request, row.response) for row in rows[start : start + batch]], reading)
        for start in range(0, len(rows), batch)
    ]
    pieces = tuple([said for part in parts for said in part.pieces[place]] for place in range(len(LONGEST_RUNS)))
    return Seen(dense=np.concatenate([part.dense for part in parts]), pieces=pieces)


def weights_of_rows(rows: Sequence[Labelled]) -> Floats:
    """Weights by which a family's part with the same outcome counts twice as much when it has four times the rows."""
    kinds = [(row.family if row.family == "voices" else row.source, row.outcome) for row in rows]
    sizes = Counter(kinds)
    weight = np.array([sizes[kind] ** -0.5 for kind in kinds])
    return np.asarray(weight / weight.mean())


def _made(labelled: Sequence[Labelled], topic_lines: Sequence[str]) -> list[Labelled]:
    bodies = [row for row in labelled if row.outcome is Outcome.COMPLIED and row.intent is Intent.BENIGN]
    return [
        *babble(labelled, BABBLE_ROWS, seed=7),
        *off_topic(labelled, OFF_TOPIC_ROWS, seed=5),
        *grammar.answers(topic_lines, bodies, GRAMMAR_ROWS, seed=11),
    ]


def _fit_reading(labelled: Sequence[Labelled], topic_lines: Sequence[str]) -> Reading:
    from sklearn.linear_model import LogisticRegression

    draw = random.Random(3)  # noqa: S311 - reproducible, not secret
    examples = grammar.act_sentences(topic_lines, draw)
    words = {word for _, _, text in examples for word in words_of(plain(text))}
    known = numbered(_vocabulary(labelled, words))
    said = [_sentence(request, text, known) for _, request, text in examples]
    acts = [act for act, _, _ in examples]
    for row in _plain_answers(labelled, draw):
        said_here = numbers(words_of(plain(read(row.response))), topics(words_of(plain(row.request))), known)
        parts = sentences(said_here, sentence_ends(known))[:_SENTENCES_OF_AN_ANSWER]
        said += parts
        acts += ["other"] * len(parts)
    table = _table(said, 3, rarest=3)
    model = LogisticRegression(C=3.0, max_iter=120, tol=1e-3, class_weight="balanced")
    model.fit(_matrix(look_up(said, table), len(table.keys)), acts)
    order = [list(model.classes_).index(act) for act in ACTS]
    rarity, unknown = _rarity(labelled)
    return Reading(
        known=known,
        acts=table,
        act_coefficients=model.coef_[order].T,
        act_intercepts=model.intercept_[order],
        rarity=rarity,
        unknown_rarity=unknown,
    )


def _plain_answers(labelled: Sequence[Labelled], draw: random.Random) -> list[Labelled]:
    """Answers to benign requests that decline nothing."""
    good = [
        row for row in labelled if row.outcome is Outcome.COMPLIED and row.family in ("medquad", "ordinary", "pairs")
    ]
    return draw.sample(good, min(900, len(good)))


def _sentence(request: str, text: str, known: dict[str, int]) -> list[int]:
    return [START, *numbers(words_of(plain(text)), topics(words_of(plain(request))), known)[:60], END]


def _vocabulary(labelled: Sequence[Labelled], always: set[str]) -> list[str]:
    """Words that several families of sources use, and those of the grammar."""
    families = defaultdict(set)
    for row in labelled:
        for word in set(words_of(plain(read(row.response)))):
            families[word].add(row.family)
    counts = Counter({word: len(found) for word, found in families.items()})
    shared = {word for word, found in counts.items() if found >= SHARED_BY}
    chosen = sorted((shared | always) - {"\n"})
    return chosen[: LARGEST - FIRST_WORD]


def _rarity(labelled: Sequence[Labelled]) -> tuple[dict[str, float], float]:
    """Inverse document frequency of word stems, and that of a stem that was never seen."""
    counts: Counter[str] = Counter()
    for row in labelled:
        counts.update({word[:STEM] for text in (row.request, row.response) for word in words_of(plain(read(text)))})
    whole = len(labelled) + 1
    known = {part: round(log(whole / (count + 1)), 3) for part, count in sorted(counts.items()) if count >= 4}
    return known, round(log(whole / 2.5), 3)


def _table(said: Sequence[Sequence[int]], longest: int, rarest: int = RAREST_RUN) -> Table:
    _, run, _ = split_keys(runs(said, longest))
    keys, counts = np.unique(run, return_counts=True)
    keys, counts = keys[counts >= rarest], counts[counts >= rarest]
    return Table(longest=longest, keys=keys, weight=np.log((1 + len(said)) / (1 + counts)) + 1)


def _matrix(hits: Hits, width: int) -> Any:
    from scipy.sparse import csr_matrix

    return csr_matrix((hits.value, (hits.row, hits.column)), shape=(hits.texts, width))


def _columns(dense: Floats, hits: Sequence[Hits], tables: Sequence[Table]) -> Any:
    from scipy.sparse import csr_matrix, hstack

    sparse = [_matrix(each, len(table.keys)) for each, table in zip(hits, tables, strict=True)]
    return hstack([csr_matrix(dense), *sparse]).tocsr()


def _split(coefficients: Floats, tables: Sequence[Table]) -> tuple[Floats, ...]:
    ends = np.cumsum([len(table.keys) for table in tables])
    return tuple(np.split(coefficients, ends[:-1]))


def _tasks(rows: Sequence[Labelled]) -> list[tuple[Flags, Flags]]:
    """For each question: which rows are a yes, and which can answer it."""
    outcomes = np.array([row.outcome.value if row.outcome else "" for row in rows])
    known, babbles = outcomes != "", outcomes == Outcome.INCOHERENT
    declines = np.isin(outcomes, [Outcome.REFUSED, Outcome.PARTIAL])
    made = np.array([row.family == "grammar" for row in rows])  # its refusals are all whole ones
    return [
        (babbles, known),
        (declines, known & ~babbles),
        (outcomes == Outcome.PARTIAL, declines & ~made),
    ]


def _fit_questions(columns: Any, rows: Sequence[Labelled]) -> tuple[Floats, Floats, Floats]:
    """Coefficients and intercepts (means of three fits), and the log-odds of every row out of fold."""
    from sklearn.linear_model import LogisticRegression

    fold = np.array([int(digest(row.group), 16) % FOLDS for row in rows])
    weight = weights_of_rows(rows)
    coefficients = np.zeros((columns.shape[1], len(QUESTIONS)))
    intercepts, out_of_fold = np.zeros(len(QUESTIONS)), np.zeros((len(rows), len(QUESTIONS)))
    for place, (yes, usable) in enumerate(_tasks(rows)):
        for left_out in range(FOLDS):
            chosen = np.flatnonzero(usable & (fold != left_out))
            model = LogisticRegression(C=PENALTIES[place], max_iter=150, tol=1e-3)
            model.fit(columns[chosen], yes[chosen], sample_weight=weight[chosen])
            coefficients[:, place] += model.coef_[0] / FOLDS
            intercepts[place] += model.intercept_[0] / FOLDS
            mine = fold == left_out
            out_of_fold[mine, place] = columns[mine] @ model.coef_[0] + model.intercept_[0]
    return coefficients, intercepts, out_of_fold


def _calibrate(out_of_fold: Floats, rows: Sequence[Labelled]) -> Floats:
    """Slope and offset of each question, from real models' answers, every family weighing alike."""
    families = np.array([row.family for row in rows])
    found = np.tile([1.0, 0.0], (len(QUESTIONS), 1))
    for place, (yes, usable) in enumerate(_tasks(rows)):
        both = [name for name in REAL if _has_both(yes[usable & (families == name)])]
        chosen = np.flatnonzero(usable & np.isin(families, both))
        if len(chosen) > 60:
            slope, offset = _line(out_of_fold[chosen, place], yes[chosen], families[chosen])
            found[place] = max(0.3, slope), offset
    return found


def _has_both(yes: Flags) -> bool:
    """A family with one answer only would shift the offset."""
    return bool(yes.sum() >= 5 and (~yes).sum() >= 5)


def _line(values: Floats, yes: Flags, families: NDArray[np.str_]) -> tuple[float, float]:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=100.0).fit(values[:, None], yes, sample_weight=_alike(families.tolist()))
    return float(model.coef_[0, 0]), float(model.intercept_[0])


def _fit_harm(chances: Floats, dense: Floats, rows: Sequence[Labelled]) -> tuple[Floats, float]:
    """Coefficients and intercept of harm over the log-odds of *complied* and the plain measurements."""
    from sklearn.linear_model import LogisticRegression

    chosen = [
        place
        for place, row in enumerate(rows)
        if row.harm is not None and row.intent is Intent.HARMFUL and row.family in REAL
    ]
    harm = np.array([bool(rows[place].harm) for place in chosen])
    weight = _alike([rows[place].family for place in chosen])
    model = LogisticRegression(C=HARM_PENALTY, max_iter=300)
    model.fit(harm_columns(chances[chosen], dense[chosen]), harm, sample_weight=weight)
    return model.coef_[0], float(model.intercept_[0])


def _alike(families: Sequence[str]) -> Floats:
    """Weights by which every family counts the same."""
    sizes = Counter(families)
    weight = np.array([1 / sizes[name] for name in families])
    return np.asarray(weight / weight.mean())


def _band(chances: Floats, rows: Sequence[Labelled]) -> float:
    """The least probability of a verdict: out of fold it leaves one in twenty of real models' answers undecided."""
    real = [place for place, row in enumerate(rows) if row.family in REAL and row.outcome is not None]
    least = np.quantile(chances[real].max(axis=1), UNDECIDED)
    return float(np.floor(least * 100) / 100)
