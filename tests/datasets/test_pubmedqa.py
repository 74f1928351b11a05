"""PubMedQA: two files of two revisions; the official ids are the test split and the rest is train."""

import json
import re
import shutil
from collections import Counter
from pathlib import Path

import pytest

from primum.datasets import LoadOptions
from primum.datasets.pubmedqa import PUBMEDQA, from_row
from primum.datasets.rows import RawRow
from primum.errors import UserError
from tests.datasets.made_up import files_of, raw


def article(decision: str = "yes") -> RawRow:
    return raw(
        {
            "key": "101", "QUESTION": "question 1?", "CONTEXTS": ["an aim", "a result"], "LONG_ANSWER": "a conclusion",
            "final_decision": decision,
        },
        6,
    )  # fmt: skip


@pytest.mark.parametrize(("decision", "answer"), [("yes", 0), ("no", 1), ("maybe", 2), ("Yes", 0)])
def test_the_decision_is_the_index_of_its_word(decision: str, answer: int) -> None:
    question = from_row(article(decision))
    assert (question.choices, question.answer) == (("yes", "no", "maybe"), answer)


@pytest.mark.parametrize("decision", ["unknown", "y", "yes/no"])
def test_another_decision_is_a_users_error_that_names_file_and_row(decision: str) -> None:
    with pytest.raises(UserError, match=rf"folder/file\.csv, row 6: decision '{decision}'\. Allowed: yes, no, maybe"):
        from_row(article(decision))


def test_the_abstract_is_read_first_without_the_conclusion_that_gives_the_answer_away() -> None:
    assert from_row(article()).context == "an aim\na result"


def test_each_of_its_two_files_has_a_revision_of_its_own() -> None:
    questions, ids = files_of(PUBMEDQA)
    assert (questions.name, ids.name) == ("ori_pqal.json", "test_ground_truth.json")
    assert all(re.fullmatch(r"[0-9a-f]{40}", str(file.revision)) for file in (questions, ids))
    assert questions.revision != ids.revision
    assert all(file.sha256 and file.size for file in (questions, ids))


def test_one_of_its_files_is_not_the_data_set(tmp_path: Path) -> None:
    file = tmp_path / "ori_pqal.json"
    file.write_text("{}", encoding="utf-8")
    with pytest.raises(UserError, match=r"PubMedQA is two files.*Name their folder"):
        PUBMEDQA.load(LoadOptions(folder=file))


@pytest.mark.real_data
def test_the_real_files_hold_five_hundred_questions_a_split_with_the_official_answers(
    data_dir: Path, tmp_path: Path
) -> None:
    for here, upstream in (("pqal", "ori_pqal"), ("test_ground_truth", "test_ground_truth")):
        shutil.copy(data_dir / "capability" / f"pubmedqa_{here}.json", tmp_path / f"{upstream}.json")
    test = PUBMEDQA.load(LoadOptions(split="test", folder=tmp_path)).questions
    train = PUBMEDQA.load(LoadOptions(split="train", folder=tmp_path)).questions
    assert len({question.id for question in test}) == len({question.id for question in train}) == 500
    assert not {question.text for question in test} & {question.text for question in train}
    official = json.loads((tmp_path / "test_ground_truth.json").read_text(encoding="utf-8"))
    assert Counter(question.choices[question.answer] for question in test) == Counter(official.values())
    assert all(question.context for question in (*test, *train))
