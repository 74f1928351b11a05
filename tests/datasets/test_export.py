"""A data set in the layouts of other tools, read back by those tools."""

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from primum.datasets import LAYOUTS, PLAIN, Loaded, LoadOptions, Origin, Row, export, row_record
from primum.datasets.export import dpo_rows, kto_rows, records, sft_rows
from primum.errors import RunError, UserError
from primum.types import ExamQuestion, Intent, Request, Split

CARD = replace(
    PLAIN, name="made-up", title="A made-up set", version="1.0", licence="CC BY 4.0; made up", measures="medical harm",
    size="two pairs a split", columns="id, text", defects="None is known.", source="Nobody 2026", published="2026-01-02",
)  # fmt: skip
BOTH: tuple[Split, ...] = ("test", "train")


def row(text: str, intent: Intent = Intent.HARMFUL, pair: str | None = None, reference: str | None = None) -> Row:
    request = Request(text=text, intent=intent, category="dignity", dataset="made-up", pair=pair)
    return Row(request=request, place="made_up.csv, row 1", reference=reference)


def paired(split: str) -> list[Row]:
    return [
        row(
            f"request {number} {split} {intent.value}",
            intent,
            f"pair {number}",
            f"answer {number} {split} {intent.value}",
        )
        for number in (1, 2)
        for intent in (Intent.HARMFUL, Intent.BENIGN)
    ]


def loaded(rows: Sequence[Row] = (), **more: Any) -> Loaded:
    return Loaded(rows=tuple(rows), sha256="0" * 64, **more)


PAIRS: dict[Split, Loaded] = {split: loaded(paired(split)) for split in BOTH}
ALONE: dict[Split, Loaded] = {"test": loaded([row("request 1"), row("request 2", Intent.BENIGN)])}
WHOLE: dict[Split, Loaded] = {
    split: loaded(paired(split), records=({"id": f"{split} 1", "level": 3, "notes": ["one", "two"], "said": "ä\n“”"},))
    for split in BOTH
}
QUESTION = ExamQuestion(
    text="question 1", choices=("one", "two, or three"), answer=1, subject="anatomy", dataset="made-up", context=None
)
EXAM: dict[Split, Loaded] = {
    "test": loaded(questions=(QUESTION, replace(QUESTION, text="question 2", context="read 1")))
}
SETS = {"pairs": PAIRS, "alone": ALONE, "whole records": WHOLE, "exam": EXAM}


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def said(turns: list[dict[str, str]], role: str) -> str:
    """The text of a single turn that must be of this role."""
    ((only),) = (turns,)
    assert [turn["role"] for turn in only] == [role]
    assert all(turn.keys() == {"role", "content"} for turn in only)
    return only[0]["content"]


def test_a_record_holds_all_that_every_request_set_has() -> None:
    item = row("request 1", Intent.BENIGN, "pair 1", "answer 1")
    assert row_record(item) == {
        "id": item.request.id, "text": "request 1", "intent": "benign", "category": "dignity", "dataset": "made-up",
        "pair": "pair 1", "reference": "answer 1", "place": "made_up.csv, row 1",
    }  # fmt: skip


def test_whole_records_go_as_they_are_and_exam_questions_with_all_their_parts() -> None:
    assert records(WHOLE["test"]) == [dict(record) for record in WHOLE["test"].records]
    assert records(EXAM["test"])[1] == {
        "id": EXAM["test"].questions[1].id, "question": "question 2", "context": "read 1",
        "choices": ["one", "two, or three"], "answer": 1, "subject": "anatomy", "dataset": "made-up",
    }  # fmt: skip


def test_sft_rows_are_requests_with_their_reference() -> None:
    rows = [*paired("test"), row("request without a reference")]
    found = list(sft_rows(rows))
    assert [said(item["prompt"], "user") for item in found] == [item.request.text for item in rows[:4]]
    assert [said(item["completion"], "assistant") for item in found] == [item.reference for item in rows[:4]]
    assert all(item.keys() == {"prompt", "completion"} for item in found)


def test_what_dpo_rejects_is_the_right_answer_to_the_twin() -> None:
    """So nobody has to write a harmful answer."""
    found = {said(item["prompt"], "user"): item for item in dpo_rows(paired("test"))}
    assert len(found) == 4
    for number in (1, 2):
        for mine, other in (("harmful", "benign"), ("benign", "harmful")):
            item = found[f"request {number} test {mine}"]
            assert said(item["chosen"], "assistant") == f"answer {number} test {mine}"
            assert said(item["rejected"], "assistant") == f"answer {number} test {other}"
            assert item.keys() == {"prompt", "chosen", "rejected"}


def test_a_request_without_an_answered_twin_gives_no_preference() -> None:
    single = row("request 3", pair="pair 3", reference="answer 3")
    silent = [row("request 4", pair="pair 4", reference="answer 4"), row("request 5", Intent.BENIGN, "pair 4")]
    same_side = [row(f"request {n}", pair="pair 6", reference=f"answer {n}") for n in (6, 7)]
    assert list(dpo_rows([single, *silent, *same_side, row("request 8", reference="answer 8")])) == []


def test_kto_labels_the_right_answer_true_and_the_twins_false() -> None:
    rows = [*paired("test"), row("request 9", reference="answer 9"), row("request without a reference")]
    found = [(said(x["prompt"], "user"), said(x["completion"], "assistant"), x["label"]) for x in kto_rows(rows)]
    assert [item for item in found if item[2]] == [(x.request.text, x.reference, True) for x in rows[:5]]
    assert sorted(item for item in found if not item[2]) == sorted(
        (f"request {number} test {mine}", f"answer {number} test {other}", False)
        for number in (1, 2)
        for mine, other in (("harmful", "benign"), ("benign", "harmful"))
    )


@pytest.mark.parametrize(("layout", "make"), [("trl-sft", sft_rows), ("trl-dpo", dpo_rows), ("trl-kto", kto_rows)])
def test_a_trainers_layout_is_a_file_of_lines_for_each_split(layout: str, make: Any, tmp_path: Path) -> None:
    files = export(CARD, PAIRS, layout, tmp_path)
    assert files == (tmp_path / "test.jsonl", tmp_path / "train.jsonl")
    for split, path in zip(BOTH, files, strict=True):
        assert lines(path) == list(make(PAIRS[split].rows))


@pytest.mark.parametrize("layout", ["trl-sft", "trl-dpo", "trl-kto"])
@pytest.mark.parametrize("name", ["alone", "exam"])
def test_a_set_without_answers_cannot_fill_a_trainers_layout(layout: str, name: str, tmp_path: Path) -> None:
    with pytest.raises(
        UserError, match=r"'made-up', split 'test', cannot be written so: it has no .*reference responses"
    ):
        export(CARD, SETS[name], layout, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_preferences_need_pairs(tmp_path: Path) -> None:
    answered: dict[Split, Loaded] = {"test": loaded([row("request 1", reference="answer 1")])}
    with pytest.raises(UserError, match="it has no pairs with reference responses"):
        export(CARD, answered, "trl-dpo", tmp_path)
    assert len(lines(export(CARD, answered, "trl-kto", tmp_path)[0])) == 1


def test_a_split_that_cannot_be_written_leaves_no_half_export(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="split 'train'"):
        export(CARD, {"test": PAIRS["test"], "train": ALONE["test"]}, "trl-sft", tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", SETS)
def test_csv_gives_back_what_was_written(name: str, tmp_path: Path) -> None:
    files = export(CARD, SETS[name], "csv", tmp_path)
    assert [path.name for path in files] == [f"{split}.csv" for split in SETS[name]]
    for split, path in zip(SETS[name], files, strict=True):
        with path.open(encoding="utf-8", newline="") as file:
            back = list(csv.DictReader(file))
        expected = records(SETS[name][split])
        assert [list(item) for item in back] == [list(item) for item in expected]
        for found, wanted in zip(back, expected, strict=True):
            for key, value in wanted.items():
                assert found[key] == ("" if value is None else value if isinstance(value, str) else json.dumps(value))


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1), min_size=1, max_size=4))
def test_any_request_goes_through_csv_and_comes_back_as_a_plain_file(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    rows = [row(f"request {text} 1") for text in texts]
    (path,) = export(CARD, {"test": loaded(rows)}, "csv", tmp_path_factory.mktemp("csv"))
    back = PLAIN.load(LoadOptions(folder=path, columns={"intent": "intent", "category": "category"}))
    assert [item.request.text for item in back.rows] == [item.request.text for item in rows]


def test_an_exported_set_can_be_read_as_a_plain_file_with_its_pairs(tmp_path: Path) -> None:
    (path, _) = export(CARD, PAIRS, "csv", tmp_path)
    columns = {key: key for key in ("text", "intent", "category", "pair", "reference", "id")}
    back = PLAIN.load(LoadOptions(folder=path, columns=columns)).rows
    was = PAIRS["test"].rows
    assert [(x.request.text, x.request.intent, x.request.category, x.reference) for x in back] == [
        (x.request.text, x.request.intent, x.request.category, x.reference) for x in was
    ]
    assert [x.request.pair == back[0].request.pair for x in back] == [True, True, False, False]


def test_an_unknown_layout_is_told_with_those_that_there_are(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"Unknown layout 'trl-spo'\. Did you mean 'trl-.*Allowed: csv, hf, trl-dpo"):
        export(CARD, PAIRS, "trl-spo", tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_folder_that_cannot_be_written_is_one_line(layout: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(RunError, match="Cannot write"):
        export(CARD, PAIRS, layout, tmp_path / "file")


def test_the_hub_folder_has_data_a_card_and_a_description(tmp_path: Path) -> None:
    files = export(CARD, PAIRS, "hf", tmp_path)
    names = {str(path.relative_to(tmp_path)) for path in files}
    assert names == {"data/test.jsonl", "data/train.jsonl", "croissant.json", "README.md"}
    assert all(lines(tmp_path / f"data/{split}.jsonl") == records(PAIRS[split]) for split in BOTH)


@pytest.mark.parametrize(("licence", "tag"), [("CC BY 4.0; made up", "cc-by-4.0"), ("MIT", "mit"), ("yours", "other")])
def test_the_card_says_whose_it_is_and_what_is_wrong_with_it(licence: str, tag: str, tmp_path: Path) -> None:
    export(replace(CARD, licence=licence), PAIRS, "hf", tmp_path)
    card = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert f"\nlicense: {tag}\n" in card
    for fact in (
        CARD.title,
        CARD.version,
        f"Licence: {licence}",
        CARD.defects,
        CARD.columns,
        CARD.source,
        CARD.measures,
    ):
        assert fact in card


def test_without_a_paper_the_card_names_the_origin(tmp_path: Path) -> None:
    origin = Origin(host="hub", repository="owner/name", revision="0" * 40, files=())
    export(replace(CARD, source="", origin=origin), PAIRS, "hf", tmp_path)
    assert "Source: https://huggingface.co/datasets/owner/name" in (tmp_path / "README.md").read_text()


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Hugging Face's library, offline and with a cache of its own."""
    library = pytest.importorskip("datasets")
    monkeypatch.setattr(library.config, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(library.config, "HF_DATASETS_OFFLINE", True, raising=False)

    def load(path: str, **more: Any) -> Mapping[str, Sequence[dict[str, Any]]]:
        found = library.load_dataset(path, cache_dir=str(tmp_path / "hub-cache"), **more)
        return {split: list(rows) for split, rows in found.items()}

    return load


@pytest.mark.parametrize("name", SETS)
def test_the_hub_folder_is_read_by_the_hubs_library_with_its_splits(name: str, hub: Any, tmp_path: Path) -> None:
    export(CARD, SETS[name], "hf", tmp_path / "set")
    assert hub(str(tmp_path / "set")) == {split: records(part) for split, part in SETS[name].items()}


def test_a_column_that_only_one_split_fills_is_read_too(hub: Any, tmp_path: Path) -> None:
    """The library takes its types from the first split, and an empty column has none."""
    splits: dict[Split, Loaded] = {"test": ALONE["test"], "train": PAIRS["train"]}
    export(CARD, splits, "hf", tmp_path / "set")
    assert hub(str(tmp_path / "set")) == {split: records(part) for split, part in splits.items()}


@pytest.mark.parametrize(("layout", "make"), [("trl-sft", sft_rows), ("trl-dpo", dpo_rows), ("trl-kto", kto_rows)])
def test_a_trainers_files_are_read_by_the_hubs_library(layout: str, make: Any, hub: Any, tmp_path: Path) -> None:
    files = export(CARD, PAIRS, layout, tmp_path / "set")
    found = hub("json", data_files={path.stem: str(path) for path in files})
    assert found == {split: list(make(PAIRS[split].rows)) for split in BOTH}


@pytest.mark.parametrize(
    ("layout", "keys"),
    [("trl-sft", {"prompt", "completion"}), ("trl-dpo", {"prompt", "chosen", "rejected"}),
     ("trl-kto", {"prompt", "completion", "label"})],
)  # fmt: skip
def test_trl_takes_the_rows_for_conversations(layout: str, keys: set[str], tmp_path: Path) -> None:
    check = pytest.importorskip("trl.data_utils")
    for path in export(CARD, PAIRS, layout, tmp_path):
        for item in lines(path):
            assert item.keys() == keys
            assert check.is_conversational(item)
