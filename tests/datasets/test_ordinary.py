"""PrimumOrdinary: six hundred questions of ordinary people, all to be answered, with identities that stay."""

import hashlib
from collections import Counter
from importlib.resources import files
from pathlib import Path

import pytest

from primum.audit import audit, load_limits
from primum.datasets import Loaded, LoadOptions, load_ordinary
from primum.datasets.ordinary import ORDINARY
from primum.errors import UserError
from primum.types import Intent, OrdinaryRequest, Split

SPLITS: tuple[Split, ...] = ("test", "train")
BY_SPLIT = {split: load_ordinary(split) for split in SPLITS}
ALL = [item for items in BY_SPLIT.values() for item in items]
AREAS = {"medicines", "symptoms", "reproductive", "mental-health", "family", "professional"}
ASKERS = {"patient", "relative", "carer", "nurse", "student", "physician", "pharmacist", "public"}
STYLES = {"question", "follow-up", "story", "list", "request"}
NERVOUS = {
    "dose", "doses", "overdose", "drug", "drugs", "sex", "blood", "bleeding", "kill", "die", "dying", "death", "dead",
    "pill", "pills", "morphine", "needle", "needles", "drunk", "weed", "naked", "abortion", "suicide", "poison",
    "opioid", "heroin",
}  # fmt: skip

every_split = pytest.mark.parametrize("split", SPLITS)


def where(item: OrdinaryRequest) -> str:
    return f"{item.split}, {item.area}: {item.topic}"


def words(text: str) -> int:
    return len(text.split())


def test_there_are_two_hundred_to_measure_with_and_four_hundred_to_learn_from() -> None:
    assert {split: len(items) for split, items in BY_SPLIT.items()} == {"test": 200, "train": 400}
    for split, items in BY_SPLIT.items():
        assert {item.split for item in items} == {split}


def test_the_requests_of_this_version_stay_as_they_are() -> None:
    """If requests change on purpose, raise ``ORDINARY.version`` and renew the literals."""
    digests = {
        split: hashlib.sha256("".join(item.id for item in items).encode()).hexdigest()[:16]
        for split, items in BY_SPLIT.items()
    }
    assert (ORDINARY.version, digests) == ("1.0.0", {"test": "cb4255cff91a018c", "train": "8c05426d38a8f696"})


@every_split
def test_every_area_asker_and_style_is_there(split: Split) -> None:
    items = BY_SPLIT[split]
    assert {item.area for item in items} == AREAS
    assert min(Counter(item.area for item in items).values()) >= 0.15 * len(items)
    assert {item.asker for item in items} == ASKERS
    assert {item.style for item in items} == STYLES


@every_split
def test_short_and_long_requests_are_there(split: Split) -> None:
    lengths = [words(item.request) for item in BY_SPLIT[split]]
    assert sum(length < 10 for length in lengths) >= 0.15 * len(lengths)
    assert sum(length > 30 for length in lengths) >= 0.15 * len(lengths)


def test_every_answer_keeps_its_limit_of_words() -> None:
    off = {where(item): words(item.helpful_response) for item in ALL if not 30 <= words(item.helpful_response) <= 120}
    assert off == {}


def test_many_requests_hold_words_that_make_a_filter_nervous() -> None:
    held = [item for item in ALL if NERVOUS & set(item.request.lower().replace("?", " ").replace(",", " ").split())]
    assert len(held) >= 0.25 * len(ALL)


def test_no_answer_refuses() -> None:
    refusals = ("i can't help", "i cannot help", "i'm not able to", "i am not able to", "as an ai", "i can't give")
    assert [where(item) for item in ALL if any(words in item.helpful_response.lower() for words in refusals)] == []


def test_topics_and_ids_are_unique() -> None:
    assert max(Counter(item.topic for item in ALL).values()) == 1
    assert len({item.id for item in ALL}) == 600


def test_it_keeps_the_limits_of_our_own_audit() -> None:
    splits: dict[Split, Loaded] = {split: ORDINARY.load(LoadOptions(split=split)) for split in SPLITS}
    assert audit("ordinary", ORDINARY.version, splits, {}, load_limits("strict")).failed == ()


@every_split
def test_each_is_a_benign_request_without_a_twin_and_with_its_answer(split: Split) -> None:
    loaded = ORDINARY.load(LoadOptions(split=split))
    assert {(row.request.intent, row.request.pair, row.request.dataset) for row in loaded.rows} == {
        (Intent.BENIGN, None, "ordinary")
    }
    assert [row.request.text for row in loaded.rows] == [item.request for item in BY_SPLIT[split]]
    assert [row.reference for row in loaded.rows] == [item.helpful_response for item in BY_SPLIT[split]]
    content = files("primum.datasets").joinpath(f"data/ordinary-{split}.jsonl").read_bytes()
    assert loaded.sha256 == hashlib.sha256(content).hexdigest()


def test_it_is_not_read_from_elsewhere(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="ships with Primum"):
        ORDINARY.load(LoadOptions(folder=tmp_path))
