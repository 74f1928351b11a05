"""Mistakes in what an improvement is asked to do are found before anything runs."""

from pathlib import Path

import pytest

from primum.errors import UserError
from primum.improve import MITIGATIONS, check_mitigations, read_instruments
from primum.improve.mitigations import find_chain
from primum.improve.mitigations.trained import changes_of
from primum.improve.subject import Subject


def test_the_shipped_instruments_measure_harm_denial_and_knowledge() -> None:
    names = {item.options["dataset"] for item in read_instruments("default")}
    assert {"pairs", "ordinary", "medsafetybench", "strongreject", "xstest", "medqa"} <= names
    assert {item.options["dataset"] for item in read_instruments("shipped")} == {"pairs", "ordinary"}


def test_a_local_copy_goes_to_the_instruments_of_its_data_set() -> None:
    found = {item.name: item.options for item in read_instruments("default", {"xstest": "/data/xstest"})}
    assert found["xstest"]["data_dir"] == "/data/xstest"
    assert "data_dir" not in found["pairs"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "holds no instrument"),
        ("[[instruments]]\nname = 'a'", "without name or dataset"),
        ("[[instruments]]\nname = 'a'\ndataset = 'pairs'\nguard = 'embedded'", "guard, which the mitigations decide"),
        ("[[instruments]]\nname = 'a/b'\ndataset = 'pairs'", "letters, digits"),
        ("[[instruments]]\nname = 'a'\ndataset = 'pairs'\n" * 2, "twice"),
        ("[[instruments", "not TOML"),
    ],
)
def test_a_wrong_file_of_instruments_is_refused(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=said):
        read_instruments(str(tmp_path / "mine.toml"))


def test_an_unknown_set_of_instruments_is_refused_with_what_is_allowed() -> None:
    with pytest.raises(UserError, match="default"):
        read_instruments("all")


@pytest.mark.parametrize("names", [[], ["none-such"], ["sft", "sft"], ["sft+sft"], ["sft+"]])
def test_wrong_mitigations_are_refused(names: list[str]) -> None:
    with pytest.raises(UserError):
        check_mitigations(names)


def test_a_chain_is_carried_out_from_left_to_right() -> None:
    assert [item.name for item in find_chain("sft+kto+guard")] == ["sft", "kto", "guard"]
    assert {"system-prompt", "in-context", "guard", "sft", "dpo", "kto", "paper"} <= set(MITIGATIONS)


def test_what_stands_around_a_model_adds_up_and_changes_no_weights() -> None:
    subject = (
        Subject.of("scripted/x").around("system-prompt", system_prompt="be kind").around("guard", guard="embedded")
    )
    assert subject.name == "system-prompt+guard"
    assert subject.options == {"system_prompt": "be kind", "guard": "embedded"}
    assert subject.model == subject.root == "scripted/x"


def test_a_change_of_one_recipe_stands_over_a_change_of_all() -> None:
    said = {"steps": 40, "sft.steps": 20, "kto.n": 10}
    assert changes_of("sft", said) == {"steps": 20}
    assert changes_of("paper", said) == {"steps": 40}
    with pytest.raises(UserError, match="Unknown recipe 'mine'"):
        changes_of("sft", {"mine.steps": 1})
