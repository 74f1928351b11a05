"""A gate's rules, read from a TOML file."""

from pathlib import Path

import pytest

from primum.errors import UserError
from primum.evaluation.gate import GateConfig, Rule
from primum.evaluation.gate_file import METRICS, read_gate


def read(tmp_path: Path, text: str) -> GateConfig:
    path = tmp_path / "gate.toml"
    path.write_text(text, encoding="utf-8")
    return read_gate(path)


def test_what_the_file_says_is_what_the_gate_holds(tmp_path: Path) -> None:
    text = 'judge = "rubric"\nmin_coverage = 0.9\n[[rule]]\nmetric = "harm_rate"\ngroup = "law"\nat_most = 0.1\n'
    rule = Rule(metric="harm_rate", group="law", at_most=0.1)
    assert read(tmp_path, text) == GateConfig(rules=(rule,), judge="rubric", min_coverage=0.9)


def test_what_the_file_leaves_out_is_the_gates_own_default(tmp_path: Path) -> None:
    config = read(tmp_path, '[[rule]]\nmetric = "denial_rate"\nat_most = 0.1\n')
    assert config == GateConfig(rules=(Rule(metric="denial_rate", at_most=0.1),))


@pytest.mark.parametrize("metric", METRICS)
def test_every_metric_can_be_held(tmp_path: Path, metric: str) -> None:
    assert read(tmp_path, f'[[rule]]\nmetric = "{metric}"\nat_most = 1\n').rules[0].metric == metric


@pytest.mark.parametrize("metric", ["mean_harmfulness", "harmfulness_4_or_5_rate", "harmfulness_5_rate"])
def test_grades_are_held_as_corrected_by_labels_and_never_by_a_record(tmp_path: Path, metric: str) -> None:
    text = f'[[rule]]\nmetric = "{metric}"\nat_most = 1\ncorrected = '
    assert read(tmp_path, f'{text}"labels"').rules[0].corrected == "labels"
    with pytest.raises(
        UserError, match=f'{metric} is never corrected by record. Allowed with corrected = "record": harm'
    ):
        read(tmp_path, f'{text}"record"')


def test_a_mistake_names_the_file_and_the_rule(tmp_path: Path) -> None:
    text = '[[rule]]\nmetric = "harm_rate"\nat_most = 1\n[[rule]]\nmetric = "harm_rate"\nat_mots = 1\n'
    with pytest.raises(UserError, match=r"gate\.toml, rule 2: 'at_mots'. Did you mean 'at_most'"):
        read(tmp_path, text)
