"""PrimumPairs: ninety pairs that no keyword separates, with identities that stay."""

import hashlib
from collections import Counter
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline

from primum.datasets import LoadOptions, find_dataset, load_pairs
from primum.datasets.pairs import PAIRS, pair_requests
from primum.errors import UserError
from primum.standard import load_standard
from primum.types import Intent, Pair

ALL = load_pairs()
HARMFUL = [pair.harmful_request for pair in ALL]
BENIGN = [pair.benign_request for pair in ALL]
ACTORS = {
    "clinician", "nurse", "pharmacist", "patient", "relative", "carer", "administrator", "insurer", "researcher", "vendor",
    "student", "public",
}  # fmt: skip
FORMS = {"question", "instruction", "document", "plan", "script", "message"}


def words(text: str) -> int:
    return len(text.split())


def where(pair: Pair) -> str:
    return f"{pair.principle}: {pair.topic}"


def test_there_are_ninety_pairs_ten_for_each_principle() -> None:
    assert Counter(pair.principle for pair in ALL) == {item.id: 10 for item in load_standard().principles}


def test_no_two_pairs_or_requests_share_an_id() -> None:
    requests = [request for pair in ALL for request in pair_requests(pair)]
    assert len({pair.id for pair in ALL}) == 90
    assert len({request.id for request in requests}) == 180


def test_the_requests_of_this_version_stay_as_they_are() -> None:
    """Results of one version compare. If requests change on purpose, raise ``PAIRS.version`` and renew both literals."""
    digest = hashlib.sha256("".join(pair.id for pair in ALL).encode()).hexdigest()[:16]
    assert (PAIRS.version, digest) == ("0.1.0", "de0717133fd5a38b")


@pytest.mark.parametrize(
    ("field", "least", "most"),
    [
        ("harmful_request", 8, 60),
        ("benign_request", 8, 60),
        ("safe_response", 30, 90),
        ("helpful_response", 40, 120),
        ("topic", 1, 6),
    ],
)
def test_every_text_keeps_its_limit_of_words(field: str, least: int, most: int) -> None:
    off = {where(pair): words(getattr(pair, field)) for pair in ALL if not least <= words(getattr(pair, field)) <= most}
    assert off == {}


def test_length_does_not_tell_harmful_requests_from_their_twins() -> None:
    gaps = {where(pair): words(pair.harmful_request) - words(pair.benign_request) for pair in ALL}
    assert {place: gap for place, gap in gaps.items() if abs(gap) > 12} == {}
    separation = roc_auc_score([1] * len(ALL) + [0] * len(ALL), [words(text) for text in HARMFUL + BENIGN])
    assert abs(separation - 0.5) < 0.15


@pytest.mark.parametrize(
    "bag",
    [CountVectorizer(), TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)],
    ids=["words", "weighted word pairs"],
)
def test_no_bag_of_words_tells_harmful_requests_from_their_twins(bag: CountVectorizer) -> None:
    """Cross-validated by pair; a filter for keywords would otherwise look like judgement."""
    intent = np.repeat([1, 0], len(ALL))
    pair = np.tile(np.arange(len(ALL)), 2)
    classifier = make_pipeline(bag, LogisticRegression(max_iter=2_000))
    chance = cross_val_predict(
        classifier, HARMFUL + BENIGN, intent, groups=pair, cv=GroupKFold(10), method="predict_proba"
    )
    assert roc_auc_score(intent, chance[:, 1]) <= 0.75


def test_no_frequent_word_stands_on_one_side_only() -> None:
    vectorizer = CountVectorizer(binary=True)
    table = vectorizer.fit_transform(HARMFUL + BENIGN).toarray()
    harmful, benign = table[: len(ALL)].sum(axis=0), table[len(ALL) :].sum(axis=0)
    names = vectorizer.get_feature_names_out()
    one_sided = [
        str(name)
        for name, left, right in zip(names, harmful, benign, strict=True)
        if left + right >= 10 and min(left, right) / (left + right) < 0.1
    ]
    assert one_sided == []


@pytest.mark.parametrize("texts", [HARMFUL, BENIGN], ids=["harmful", "benign"])
def test_no_two_requests_are_nearly_the_same(texts: list[str]) -> None:
    vectors = TfidfVectorizer().fit_transform(texts)
    likeness = np.triu((vectors @ vectors.T).toarray(), k=1)
    assert likeness.max() < 0.6


def test_the_fields_hold_known_values() -> None:
    assert {pair.actor for pair in ALL} == ACTORS
    assert {pair.form for pair in ALL} == FORMS
    assert {pair.severity for pair in ALL} <= {1, 2, 3}
    assert {pair.split for pair in ALL} == {"test"}
    framings = Counter(pair.framing for pair in ALL)
    assert set(framings) == {"explicit", "excuse", "implicit"}
    assert min(framings.values()) >= 20


@pytest.mark.parametrize("field", ["topic", "specialty", "setting", "rationale"])
def test_no_note_is_empty_or_has_spaces_at_its_ends(field: str) -> None:
    values = {where(pair): getattr(pair, field) for pair in ALL}
    assert {place: value for place, value in values.items() if not value or value != value.strip()} == {}


def test_safe_responses_do_not_open_with_a_stock_refusal() -> None:
    """They teach models; a model that learns one opening is told by that opening, not by what it does."""
    stock = ("i'm sorry", "i’m sorry", "i cannot", "i can't", "i can’t", "sorry")
    assert [where(pair) for pair in ALL if pair.safe_response.lower().startswith(stock)] == []
    openings = Counter(" ".join(pair.safe_response.split()[:2]).lower() for pair in ALL)
    assert max(openings.values()) <= 6


def test_a_pair_gives_its_harmful_request_and_then_its_twin() -> None:
    for pair in ALL:
        harmful, benign = pair_requests(pair)
        assert (harmful.intent, benign.intent) == (Intent.HARMFUL, Intent.BENIGN)
        assert (harmful.text, benign.text) == (pair.harmful_request, pair.benign_request)
        assert harmful.pair == benign.pair == pair.id
        assert harmful.category == benign.category == pair.principle
        assert harmful.dataset == benign.dataset == "pairs"


def test_the_data_set_is_all_pairs_in_order_with_the_hash_of_the_file() -> None:
    loaded = find_dataset("pairs").load(LoadOptions())
    assert loaded.requests == tuple(request for pair in ALL for request in pair_requests(pair))
    raw = files("primum.datasets").joinpath("data/pairs.jsonl").read_bytes()
    assert loaded.sha256 == hashlib.sha256(raw).hexdigest()


def test_a_folder_is_refused_since_the_pairs_ship_with_primum(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"ships with Primum .*Leave --data-dir out"):
        find_dataset("pairs").load(LoadOptions(folder=tmp_path))
