"""The Croissant description: the validator of MLCommons takes it, and reads the data by it."""

import json
import warnings
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from primum.datasets import Dataset, Loaded, croissant, export
from primum.datasets.export import records
from primum.types import Split
from tests.datasets.test_export import CARD, EXAM, PAIRS, WHOLE

SETS = {"pairs": PAIRS, "whole records": WHOLE, "exam": EXAM}


def described(folder: Path, card: Dataset = CARD, splits: Mapping[Split, Loaded] = PAIRS) -> dict[str, Any]:
    export(card, splits, "hf", folder)
    found: dict[str, Any] = json.loads((folder / "croissant.json").read_text(encoding="utf-8"))
    return found


def opened(folder: Path) -> Any:
    """MLCommons' reader of a folder."""
    library = pytest.importorskip("mlcroissant")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of the libraries that it stands on
        return library.Dataset(jsonld=str(folder / "croissant.json"))


def plain(value: Any) -> Any:
    """A value of the reader's as JSON has it."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, bytes):
        return value.decode()
    return None if value is None or value != value else value


@pytest.mark.parametrize("name", SETS)
def test_the_validator_finds_no_fault_and_reads_every_record_back(name: str, tmp_path: Path) -> None:
    described(tmp_path, splits=SETS[name])
    dataset = opened(tmp_path)
    assert not dataset.metadata.ctx.issues.errors
    assert not dataset.metadata.ctx.issues.warnings
    for split, part in SETS[name].items():
        found = [
            {key.removeprefix(f"{split}/"): plain(value) for key, value in record.items()}
            for record in dataset.records(record_set=split)
        ]
        assert found == records(part)


def test_every_split_is_a_record_set_over_its_own_file(tmp_path: Path) -> None:
    found = described(tmp_path)
    assert [item["@id"] for item in found["recordSet"]] == ["test", "train"]
    assert [item["contentUrl"] for item in found["distribution"]] == ["data/test.jsonl", "data/train.jsonl"]
    for split, records_of in zip(("test", "train"), found["recordSet"], strict=True):
        sources = {field["source"]["fileObject"]["@id"] for field in records_of["field"]}
        (file,) = (item for item in found["distribution"] if item["contentUrl"] == f"data/{split}.jsonl")
        assert sources == {file["@id"]}
        assert [field["name"] for field in records_of["field"]] == list(records(PAIRS["test"])[0])


def test_a_changed_file_no_longer_fits_its_description(tmp_path: Path) -> None:
    first = described(tmp_path)["distribution"]
    second = described(tmp_path, splits={"test": PAIRS["train"], "train": PAIRS["train"]})["distribution"]
    assert first[0]["sha256"] != second[0]["sha256"]
    assert first[1]["sha256"] == second[1]["sha256"]


def test_names_of_records_are_unique(tmp_path: Path) -> None:
    found = described(tmp_path)
    ids = [item["@id"] for item in found["distribution"]] + [item["@id"] for item in found["recordSet"]]
    ids += [field["@id"] for item in found["recordSet"] for field in item["field"]]
    assert len(set(ids)) == len(ids)


def test_the_description_says_what_the_card_says(tmp_path: Path) -> None:
    found = described(tmp_path)
    assert found["name"] == "primum-made-up"
    assert found["version"] == "1.0"
    assert found["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert found["datePublished"] == "2026-01-02"
    assert found["rai:dataLimitations"] == CARD.defects
    assert all(fact in found["description"] for fact in (CARD.title, CARD.size, CARD.measures, CARD.defects))
    assert all(fact in found["citeAs"] for fact in (CARD.title, CARD.version, CARD.source))


def test_what_the_card_does_not_know_is_left_out_and_still_no_error(tmp_path: Path) -> None:
    found = described(tmp_path, replace(CARD, published="", source="", version="-", licence="yours"))
    assert "datePublished" not in found
    assert not opened(tmp_path).metadata.ctx.issues.errors


def test_numbers_are_integers_and_lists_repeat(tmp_path: Path) -> None:
    types = {
        field["name"]: (field["dataType"], field.get("repeated", False))
        for field in described(tmp_path, splits=WHOLE)["recordSet"][0]["field"]
    }
    assert types == {
        "id": ("sc:Text", False), "level": ("sc:Integer", False), "notes": ("sc:Text", True), "said": ("sc:Text", False),
    }  # fmt: skip


def test_files_that_bear_the_sets_name_are_described_by_their_split() -> None:
    files = {"made-up-test.jsonl": b"{}\n", "made-up-train.jsonl": b"{}\n"}
    found = croissant(CARD, files, {"id": "1"})
    assert [item["@id"] for item in found["recordSet"]] == ["test", "train"]
    assert [item["contentUrl"] for item in found["distribution"]] == list(files)
