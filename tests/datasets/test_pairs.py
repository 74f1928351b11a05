"""PrimumPairs: nine hundred pairs that no keyword separates, that do not repeat each other, with identities that stay."""

import hashlib
from collections import Counter, defaultdict
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.metrics import roc_auc_score

from primum.audit import audit, load_limits
from primum.audit.near import near_duplicates, near_duplicates_across
from primum.audit.twins import separability
from primum.audit.wording import distinct_pairs
from primum.datasets import Loaded, LoadOptions, find_dataset, load_pairs
from primum.datasets.pairs import PAIRS, pair_requests
from primum.errors import UserError
from primum.standard import load_standard
from primum.types import Intent, Pair, Split

SPLITS: tuple[Split, ...] = ("test", "train")
BY_SPLIT = {split: load_pairs(split) for split in SPLITS}
ALL = [pair for pairs in BY_SPLIT.values() for pair in pairs]
HARMFUL = [pair.harmful_request for pair in ALL]
BENIGN = [pair.benign_request for pair in ALL]
ACTORS = {
    "clinician", "nurse", "pharmacist", "patient", "relative", "carer", "administrator", "insurer", "researcher", "vendor",
    "student", "public",
}  # fmt: skip
LAY = {"patient", "relative", "carer", "public"}
FORMS = {"question", "instruction", "document", "plan", "script", "message"}

every_split = pytest.mark.parametrize("split", SPLITS)


def words(text: str) -> int:
    return len(text.split())


def where(pair: Pair) -> str:
    return f"{pair.split}, {pair.principle}: {pair.topic}"


@every_split
def test_there_are_fifty_pairs_for_each_principle(split: Split) -> None:
    assert Counter(pair.principle for pair in BY_SPLIT[split]) == {item.id: 50 for item in load_standard().principles}
    assert {pair.split for pair in BY_SPLIT[split]} == {split}


def test_no_two_pairs_or_requests_share_an_id() -> None:
    requests = [request for pair in ALL for request in pair_requests(pair)]
    assert len({pair.id for pair in ALL}) == 900
    assert len({request.id for request in requests}) == 1_800


def test_the_requests_of_this_version_stay_as_they_are() -> None:
    """Results of one version compare. If requests change on purpose, raise ``PAIRS.version`` and renew the literals."""
    digests = {
        split: hashlib.sha256("".join(pair.id for pair in pairs).encode()).hexdigest()[:16]
        for split, pairs in BY_SPLIT.items()
    }
    assert (PAIRS.version, digests) == ("1.0.0", {"test": "3935a99ee0c4ec70", "train": "e0c21e39455e8a9e"})


@pytest.mark.parametrize(
    ("field", "least", "most"),
    [
        ("harmful_request", 8, 60),
        ("benign_request", 8, 60),
        ("safe_response", 30, 90),
        ("helpful_response", 40, 120),
        ("topic", 1, 8),
    ],
)
def test_every_text_keeps_its_limit_of_words(field: str, least: int, most: int) -> None:
    off = {where(pair): words(getattr(pair, field)) for pair in ALL if not least <= words(getattr(pair, field)) <= most}
    assert off == {}


@every_split
def test_length_does_not_tell_harmful_requests_from_their_twins(split: Split) -> None:
    pairs = BY_SPLIT[split]
    gaps = {where(pair): words(pair.harmful_request) - words(pair.benign_request) for pair in pairs}
    assert {place: gap for place, gap in gaps.items() if abs(gap) > 12} == {}
    lengths = [words(pair.harmful_request) for pair in pairs] + [words(pair.benign_request) for pair in pairs]
    assert abs(roc_auc_score([1] * len(pairs) + [0] * len(pairs), lengths) - 0.5) < 0.06


@pytest.mark.parametrize("pairs", [*BY_SPLIT.values(), ALL], ids=[*SPLITS, "both"])
def test_no_bag_of_words_tells_harmful_requests_from_their_twins(pairs: list[Pair]) -> None:
    """Cross-validated by pair; a filter for keywords would otherwise look like judgement."""
    found = separability([pair.harmful_request for pair in pairs], [pair.benign_request for pair in pairs])
    assert found is not None
    assert found.auroc <= 0.65


def test_no_frequent_word_stands_on_one_side_only() -> None:
    vectorizer = CountVectorizer(binary=True)
    table = vectorizer.fit_transform(HARMFUL + BENIGN)
    harmful, benign = (np.asarray(part.sum(axis=0)).ravel() for part in (table[: len(ALL)], table[len(ALL) :]))
    one_sided = [
        str(name)
        for name, left, right in zip(vectorizer.get_feature_names_out(), harmful, benign, strict=True)
        if left + right >= 20 and min(left, right) / (left + right) < 0.1
    ]
    assert one_sided == []


@pytest.mark.parametrize(("measure", "most"), [("cosine", 0.6), ("jaccard", 0.5)])
def test_no_two_requests_of_different_pairs_are_nearly_the_same(measure: str, most: float) -> None:
    found = near_duplicates(HARMFUL + BENIGN, most, "cosine" if measure == "cosine" else "jaccard")
    apart = [
        (where(ALL[left % len(ALL)]), where(ALL[right % len(ALL)]))
        for left, right in zip(found.left.tolist(), found.right.tolist(), strict=True)
        if left % len(ALL) != right % len(ALL)
    ]
    assert apart == []


@pytest.mark.real_data
def test_no_request_is_near_to_one_of_medsafetybench(data_dir: Path) -> None:
    """The GPT-4 half and the Llama-3 part; the Llama-2 half is not among the real data."""
    others = []
    for name, split in (("medsafetybench", "test"), ("medsafetybench", "train"), ("medsafetybench-llama3", "train")):
        folder = data_dir / "medsafetybench" / ("llama3" if name.endswith("3") else "")
        loaded = find_dataset(name).load(LoadOptions(split="train" if split == "train" else "test", folder=folder))
        others += [request.text for request in loaded.requests]
    assert len(near_duplicates_across(HARMFUL + BENIGN, others, 0.7)) == 0


@pytest.mark.real_data
@every_split
def test_the_wording_varies_at_least_as_much_as_medsafetybenchs(data_dir: Path, split: Split) -> None:
    theirs = find_dataset("medsafetybench").load(LoadOptions(split=split, folder=data_dir / "medsafetybench"))
    reference, _ = distinct_pairs([request.text for request in theirs.requests])
    for texts in (
        [pair.harmful_request for pair in BY_SPLIT[split]],
        [pair.benign_request for pair in BY_SPLIT[split]],
    ):
        assert distinct_pairs(texts)[0] >= reference


def test_no_scene_is_in_both_splits() -> None:
    """A principle's scenes of one medical specialty are all in one split, so no scene can cross; topics are unique."""
    splits = defaultdict(set)
    for pair in ALL:
        splits[pair.principle, pair.specialty].add(pair.split)
    assert {place for place, found in splits.items() if len(found) > 1} == set()
    assert max(Counter((pair.principle, pair.topic) for pair in ALL).values()) == 1


def test_it_keeps_every_strict_limit_of_our_own_audit() -> None:
    splits: dict[Split, Loaded] = {split: PAIRS.load(LoadOptions(split=split)) for split in SPLITS}
    assert audit("pairs", PAIRS.version, splits, {}, load_limits("strict")).failed == ()


@every_split
def test_the_fields_hold_known_values_in_balance(split: Split) -> None:
    pairs = BY_SPLIT[split]
    assert {pair.actor for pair in pairs} == ACTORS
    assert sum(pair.actor in LAY for pair in pairs) >= 0.4 * len(pairs)
    assert {pair.form for pair in pairs} == FORMS
    framings = Counter(pair.framing for pair in pairs)
    assert min(framings.values()) >= 0.3 * len(pairs)
    severities = Counter(pair.severity for pair in pairs)
    assert min(severities[level] for level in (1, 2, 3)) >= 0.15 * len(pairs)


@pytest.mark.parametrize("field", ["topic", "specialty", "setting", "rationale"])
def test_no_note_is_empty_or_has_spaces_at_its_ends(field: str) -> None:
    values = {where(pair): getattr(pair, field) for pair in ALL}
    assert {place: value for place, value in values.items() if not value or value != value.strip()} == {}


def test_safe_responses_do_not_open_with_a_stock_refusal() -> None:
    """They teach models; a model that learns one opening is told by that opening, not by what it does."""
    stock = ("i'm sorry", "i’m sorry", "i cannot", "i can't", "i can’t", "i won't", "sorry")
    assert [where(pair) for pair in ALL if pair.safe_response.lower().startswith(stock)] == []
    openings = Counter(" ".join(pair.safe_response.split()[:2]).lower() for pair in ALL)
    assert max(openings.values()) <= 0.02 * len(ALL)


def test_a_pair_gives_its_harmful_request_and_then_its_twin() -> None:
    for pair in ALL:
        harmful, benign = pair_requests(pair)
        assert (harmful.intent, benign.intent) == (Intent.HARMFUL, Intent.BENIGN)
        assert (harmful.text, benign.text) == (pair.harmful_request, pair.benign_request)
        assert harmful.pair == benign.pair == pair.id
        assert harmful.category == benign.category == pair.principle
        assert harmful.dataset == benign.dataset == "pairs"


@every_split
def test_the_data_set_is_all_pairs_in_order_with_the_hash_of_the_file(split: Split) -> None:
    loaded = PAIRS.load(LoadOptions(split=split))
    assert loaded.requests == tuple(request for pair in BY_SPLIT[split] for request in pair_requests(pair))
    assert [row.reference for row in loaded.rows[:2]] == [
        BY_SPLIT[split][0].safe_response,
        BY_SPLIT[split][0].helpful_response,
    ]
    assert [record["id"] for record in loaded.records] == [pair.id for pair in BY_SPLIT[split]]
    content = files("primum.datasets").joinpath(f"data/pairs-{split}.jsonl").read_bytes()
    assert loaded.sha256 == hashlib.sha256(content).hexdigest()


def test_it_is_not_read_from_elsewhere(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="ships with Primum"):
        PAIRS.load(LoadOptions(folder=tmp_path))
