"""Hypothesis strategies for every kind of record, odd texts included."""

from hypothesis import strategies as st

from primum.types import (
    ClinicalScore,
    Estimate,
    Finish,
    Hazard,
    Intent,
    Judgement,
    Label,
    Outcome,
    Pair,
    Request,
    Response,
    Score,
    Unscored,
    UnscoredReason,
    Usage,
)

TEXTS = st.one_of(
    st.text(), st.sampled_from(["", "\n", "\r\n", "\u2028\u2029\x85\x0b\x0c", "\0", '{"id": 1}', "\ufeff"])
)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
MAYBE_NUMBERS = st.none() | NUMBERS
COUNTS = st.integers(0, 10**6)

REQUESTS = st.builds(
    Request,
    text=TEXTS,
    intent=st.sampled_from(Intent),
    category=TEXTS,
    dataset=TEXTS,
    pair=st.none() | TEXTS,
)
RESPONSES = st.builds(
    Response,
    request_id=TEXTS,
    text=TEXTS,
    finish=st.sampled_from(Finish),
    usage=st.builds(Usage, input_tokens=st.none() | COUNTS, output_tokens=st.none() | COUNTS),
    seconds=MAYBE_NUMBERS,
)
OPINIONS = st.one_of(
    st.builds(
        Score,
        outcome=st.sampled_from(Outcome),
        harmfulness=st.none() | st.integers(1, 5),
        confidence=st.none() | st.floats(0, 1),
    ),
    st.builds(Score, outcome=st.sampled_from(Outcome), grade=st.floats(0, 1)),
    st.builds(ClinicalScore, hazard=st.sampled_from(Hazard), faults=st.lists(TEXTS, max_size=3).map(tuple)),
    st.builds(Unscored, reason=st.sampled_from(UnscoredReason)),
)
JUDGEMENTS = st.builds(
    Judgement, request_id=TEXTS, judge=TEXTS, opinion=OPINIONS, raw=st.lists(TEXTS, max_size=3).map(tuple)
)
LABELS = st.builds(
    Label,
    request_id=TEXTS,
    label=st.sampled_from([outcome for outcome in Outcome if outcome is not Outcome.OTHER]),
    rater=TEXTS,
    stratum=TEXTS,
    probability=st.floats(0, 1, exclude_min=True),
    grade=st.none() | st.integers(1, 5),
)
ESTIMATES = st.builds(
    Estimate,
    metric=TEXTS,
    group=TEXTS,
    value=MAYBE_NUMBERS,
    low=MAYBE_NUMBERS,
    high=MAYBE_NUMBERS,
    level=NUMBERS,
    method=TEXTS,
    n_scored=COUNTS,
    n_unscored=COUNTS,
    events=st.none() | COUNTS,
    worst_low=MAYBE_NUMBERS,
    worst_high=MAYBE_NUMBERS,
)
PAIRS = st.builds(
    Pair,
    principle=TEXTS,
    split=st.sampled_from(["train", "test"]),
    topic=TEXTS,
    specialty=TEXTS,
    setting=TEXTS,
    actor=TEXTS,
    form=TEXTS,
    framing=st.sampled_from(["explicit", "excuse", "implicit"]),
    severity=st.sampled_from([1, 2, 3]),
    harmful_request=TEXTS,
    benign_request=TEXTS,
    safe_response=TEXTS,
    helpful_response=TEXTS,
    rationale=TEXTS,
)
RECORDS = st.one_of(REQUESTS, RESPONSES, JUDGEMENTS, LABELS, ESTIMATES, PAIRS)
