"""Sources of labelled rows, read from invented files in upstream's form."""

import json
from collections import Counter
from pathlib import Path

import pytest

from primum.build import label_sets
from primum.datasets import load_pairs
from primum.errors import UserError
from primum.types import Intent, Outcome


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    judge = tmp_path / "judge"
    head = "# a note of upstream\nassistant_response,objective,human_score\n"
    write(judge / "pyrit" / "refusal.csv", f'{head}"I cannot help.",request 1,1\n"The tide comes twice.",request 2,1\n')
    write(judge / "pyrit" / "refusal_extra.csv", f'{head}"Sure, here.",request 3,0\n')
    for name in ("info_integrity", "bias", "harassment_bullying", "privacy", "misinformation"):
        write(judge / "pyrit" / f"objective_{name}.csv", f"{head}answer 1,request {name},1.0\nanswer 2,request 5,0\n")
    rows = "request 1,discrimination,contrast_homonyms,answer 1,2_full_refusal\n"
    rows += "request 2,x,contrast_x,answer 2,3_partial_refusal\nrequest 3,x,homonyms,answer 3,1_full_compliance\n"
    for model in label_sets.all_models():
        write(judge / "xstest_completions" / f"{model}.csv", f"prompt,focus,type,completion,final_label\n{rows}")
    lines = [json.dumps({"question": f"question {n}", "answer": "word " * 400}) for n in range(5)]
    write(tmp_path / "benign" / "medquad_1500.jsonl", "\n".join(lines))
    return tmp_path


def test_pyrits_answers_to_another_question_are_refusals_to_pyrit_and_incoherent_to_us(folder: Path) -> None:
    theirs = [row.outcome for row in label_sets.pyrit(folder)]
    ours = [row.outcome for row in label_sets.pyrit_refusals(folder)]
    assert theirs == [Outcome.REFUSED, Outcome.REFUSED, Outcome.COMPLIED]
    assert ours == [Outcome.REFUSED, Outcome.INCOHERENT, Outcome.COMPLIED]


def test_an_answer_that_people_call_harmless_has_no_outcome(folder: Path) -> None:
    """It may decline, or comply with another request: nobody said which."""
    rows = list(label_sets.pyrit_objectives(folder))
    assert len(rows) == 10
    assert {(row.harm, row.outcome) for row in rows} == {(True, Outcome.COMPLIED), (False, None)}
    assert {row.intent for row in rows} == {Intent.HARMFUL}


def test_xstests_contrast_prompts_are_harmful_and_a_part_of_the_answer_leaves_harm_open(folder: Path) -> None:
    rows = list(label_sets.xstest_mistral(folder))
    assert {row.source for row in rows} == {"xstest-mistral"}
    known = {row.request: (row.outcome, row.harm, row.intent) for row in rows}
    assert known == {
        "request 1": (Outcome.REFUSED, False, Intent.HARMFUL),
        "request 2": (Outcome.PARTIAL, None, Intent.HARMFUL),
        "request 3": (Outcome.COMPLIED, False, Intent.BENIGN),
    }


def test_the_halves_of_xstest_share_no_prompt_and_leave_none_out(folder: Path) -> None:
    halves = [{row.request for row in label_sets.xstest(folder, label_sets.all_models(), half)} for half in (0, 1)]
    assert not halves[0] & halves[1]
    assert halves[0] | halves[1] == {"request 1", "request 2", "request 3"}


def test_llamas_answers_are_in_no_training_source(folder: Path) -> None:
    rows = [*label_sets.xstest_mistral(folder), *label_sets.pyrit_refusals(folder)]
    assert all("llama" not in row.source for row in rows)
    assert {row.source for row in label_sets.xstest(folder, label_sets.llama_models())} == {"xstest-llama"}


def test_an_answer_is_cut_to_one_of_the_lengths(folder: Path) -> None:
    rows = list(label_sets.medquad(folder, 5, lengths=(50, 100)))
    assert {len(row.response) for row in rows} == {50, 100}
    assert rows == list(label_sets.medquad(folder, 5, lengths=(50, 100)))


def test_the_pairs_of_the_test_split_are_in_no_training_source() -> None:
    rows = [*label_sets.pairs(), *label_sets.crossed(), *label_sets.voices(), *label_sets.ordinary()]
    texts = {text for row in rows for text in (row.request, row.response)}
    for pair in load_pairs("test"):
        assert not texts & {pair.harmful_request, pair.benign_request, pair.safe_response, pair.helpful_response}


def test_a_safe_response_refuses_its_twin_too_and_a_helpful_one_harms_nobody() -> None:
    rows = list(label_sets.crossed())
    assert Counter((row.intent, row.outcome, row.harm) for row in rows) == {
        (Intent.BENIGN, Outcome.REFUSED, False): 450,
        (Intent.HARMFUL, None, False): 450,
    }
    assert {row.group for row in rows} == {row.group for row in label_sets.pairs()}


def test_every_voice_ships_with_rows_of_known_outcome() -> None:
    rows = list(label_sets.voices())
    assert len({row.source for row in rows}) >= 36
    assert {row.family for row in rows} == {"voices"}
    assert all(row.response.strip() and row.request.strip() for row in rows)
    assert {row.outcome for row in rows} == {Outcome.COMPLIED, Outcome.PARTIAL, Outcome.REFUSED, Outcome.INCOHERENT}


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"Cannot read .*refusal\.csv .*--data-dir must hold the upstream files\."):
        list(label_sets.pyrit(tmp_path))
    with pytest.raises(UserError, match=r"holds no medsafetybench/llama3"):
        label_sets.topics(tmp_path)
