"""Which rows a recipe means."""

from pathlib import Path
from typing import Any

import pytest

from primum.datasets import load_ordinary, load_pairs
from primum.errors import UserError
from primum.training.mixture import blend, labelled_rows, preference_rows, reject_own
from primum.training.recipe import read_recipe
from primum.types import Intent


def mixed(method: str = "sft", **changes: Any) -> Any:
    return blend(read_recipe(method, **changes))


def test_each_kind_has_as_many_rows_as_the_recipe_says_and_the_twins_are_those_of_the_demonstrations() -> None:
    found = mixed(n=18, twins=0.5, ordinary=2.0)
    assert found.counts == {"demonstration": 18, "twin": 9, "ordinary": 36}
    shown = {item.row.request.pair for item in found.examples if item.kind == "demonstration"}
    assert {item.row.request.pair for item in found.examples if item.kind == "twin"} <= shown
    assert found.notes == ()


def test_demonstrations_are_spread_evenly_over_the_principles() -> None:
    found = mixed(n=18)
    principles = [item.row.request.category for item in found.examples if item.kind == "demonstration"]
    assert {principles.count(name) for name in set(principles)} == {2}
    assert len(set(principles)) == 9


def test_all_rows_come_from_the_train_split() -> None:
    test = {pair.harmful_request for pair in load_pairs("test")} | {pair.benign_request for pair in load_pairs("test")}
    test |= {item.request for item in load_ordinary("test")}
    assert not test & {item.prompt for item in mixed().examples}


def test_a_smaller_dose_is_part_of_a_larger_one() -> None:
    small, large = ({item.prompt for item in mixed(n=n).examples} for n in (9, 27))
    assert small < large


def test_the_same_seed_gives_the_same_rows_and_another_seed_others() -> None:
    assert mixed(n=9).sha256 == mixed(n=9).sha256 != mixed(n=9, seed=1).sha256


def test_a_shortage_is_told() -> None:
    assert mixed(n=450).notes == ("450 ordinary questions were asked for, 400 are there",)


def test_what_was_learnt_can_be_traced_to_files() -> None:
    found = mixed(n=9)
    assert [(source.dataset, source.drawn) for source in found.sources] == [("pairs", 18), ("ordinary", 9)]
    assert all(len(source.sha256) == 64 for source in found.sources)


def test_a_harmful_request_is_answered_safely_and_the_wrong_answer_is_the_twins() -> None:
    """And the other way round; no harmful answer is written anywhere."""
    pairs = {pair.id: pair for pair in load_pairs("train")}
    for item in mixed("dpo", n=9).examples:
        pair = pairs.get(item.row.request.pair or "")
        if item.kind == "ordinary":
            assert item.rejected in {other.safe_response for other in pairs.values()}
        elif pair is not None and item.row.request.intent is Intent.HARMFUL:
            assert (item.answer, item.rejected) == (pair.safe_response.strip(), pair.helpful_response)
        elif pair is not None:
            assert (item.answer, item.rejected) == (pair.helpful_response.strip(), pair.safe_response)


def test_preference_rows_are_in_the_layout_that_trl_reads() -> None:
    rows = preference_rows(mixed("dpo", n=9).examples)
    assert len(rows) == 27
    assert list(rows[0]) == ["prompt", "chosen", "rejected"]
    assert [turn["role"] for turn in rows[0]["prompt"] + rows[0]["chosen"]] == ["user", "assistant"]


def test_labelled_rows_hold_the_right_answer_of_all_and_the_wrong_one_where_there_is() -> None:
    rows = labelled_rows(mixed("kto", n=9).examples)
    assert [row["label"] for row in rows].count(True) == 27
    assert [row["label"] for row in rows].count(False) == 27


def test_the_models_own_answers_are_wrong_for_demonstrations_only() -> None:
    found = reject_own(mixed("dpo", n=9, rejected="own"), lambda prompts: [f"own {len(prompts)}"] * len(prompts))
    assert {item.rejected for item in found.examples if item.kind == "demonstration"} == {"own 9"}
    assert {item.rejected for item in found.examples if item.kind != "demonstration"} == {None}


def test_an_empty_own_answer_is_nothing_to_learn_from() -> None:
    found = reject_own(mixed("dpo", n=9, rejected="own"), lambda prompts: [""] * len(prompts))
    assert preference_rows(found.examples) == []


def test_a_file_of_ones_own_is_read_by_its_columns(tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    file.write_text("ask,answer\nrequest 1,I will not.\nrequest 2,\n")
    found = mixed(
        demonstrations=[str(file)], columns={"text": "ask", "reference": "answer"}, n=5, twins=0.0, ordinary=0.0
    )
    assert [(item.prompt, item.answer) for item in found.examples] == [("request 1", "I will not.")]
    assert found.notes == ("5 demonstrations were asked for, 1 are there",)


def test_demonstrations_of_two_data_sets_stand_together(tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    file.write_text("text,reference\nrequest 1,I will not.\n")
    found = mixed(
        demonstrations=["pairs", str(file)], columns={"reference": "reference"}, n=1000, twins=0.0, ordinary=0.0
    )
    assert found.counts["demonstration"] == 451


def test_a_file_without_responses_is_refused_with_what_to_say(tmp_path: Path) -> None:
    file = tmp_path / "mine.csv"
    file.write_text("text\nrequest 1\n")
    with pytest.raises(UserError, match=r"none with a reference response\. Say which column"):
        mixed(demonstrations=[str(file)])


def test_a_recipe_that_gives_no_row_is_refused() -> None:
    with pytest.raises(UserError, match=r"gives no usable row \(0 demonstrations"):
        mixed(n=0)


@pytest.mark.real_data
def test_the_rows_of_the_paper_are_the_real_ones(data_dir: Path) -> None:
    recipe = read_recipe("paper")
    found = blend(recipe, data_dir=data_dir / "medsafetybench")
    assert found.counts == {"demonstration": 450, "twin": 0, "ordinary": 0}
