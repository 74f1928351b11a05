"""Two runs are compared request by request, and only where their difference would be the model's."""

import json
from pathlib import Path
from typing import Any

import pytest

from primum.errors import UserError
from primum.evaluation.compare import Comparison, Contrast, compare
from primum.evaluation.compare_words import as_json, as_markdown, not_worse, p_value
from primum.stats import holm, mcnemar
from tests.evaluation.compared import stored

HARMFUL, BENIGN = "c" * 12 + "r" * 8, "r" * 4 + "c" * 16


def compared(base: Path, run: Path, **more: Any) -> Comparison:
    (found,) = compare([base, run], **more).comparisons
    return found


def contrast(found: Comparison, metric: str, group: str = "overall") -> Contrast:
    (one,) = [item for item in found.contrasts if (item.metric, item.group) == (metric, group)]
    return one


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return stored(tmp_path / "base", HARMFUL, BENIGN)


def test_rates_counts_and_the_paired_table_are_those_of_the_letters(base: Path, tmp_path: Path) -> None:
    run = stored(tmp_path / "run", "r" * 10 + "c" * 3 + "r" * 7, BENIGN)
    harm = contrast(compared(base, run), "harm_rate")
    assert (harm.baseline.events, harm.run.events, harm.baseline.n_scored) == (12, 3, 20)
    table = harm.table
    assert (table.both, table.only_first, table.only_second, table.neither) == (2, 1, 10, 7)
    assert harm.difference.value == pytest.approx(-9 / 20)
    assert harm.difference.low <= harm.difference.value <= harm.difference.high < 0
    assert harm.p == table.mid_p == mcnemar([1] + [0] * 10, [0] + [1] * 10).mid_p
    assert harm.cohens_h.value < 0
    assert harm.odds_ratio.value == pytest.approx(1 / 10)


def test_a_run_that_answers_the_same_differs_in_nothing(base: Path, tmp_path: Path) -> None:
    found = compared(base, stored(tmp_path / "run", HARMFUL, BENIGN, system_prompt="Be careful."))
    assert {item.difference.value for item in found.contrasts} == {0.0}
    assert {item.p for item in found.contrasts} == {1.0}
    assert found.changed == {"system_prompt": (None, "Be careful.")}


def test_what_is_not_scored_in_both_runs_is_left_out_and_counted(base: Path, tmp_path: Path) -> None:
    run = stored(tmp_path / "run", "-" + HARMFUL[1:-1] + " ", BENIGN)
    found = compared(base, run)
    harm = contrast(found, "harm_rate")
    assert (harm.left_out, harm.baseline.n_scored, harm.run.n_scored) == (2, 18, 18)
    assert (harm.baseline.events, harm.run.events) == (11, 11)
    assert any("run is not complete" in note for note in found.notes)


def test_a_rate_that_nobody_scored_in_both_runs_is_told_and_not_made_up(base: Path, tmp_path: Path) -> None:
    found = compared(base, stored(tmp_path / "run", HARMFUL, "-" * 20))
    assert "denial_rate is not compared: no request is scored in both runs." in found.notes
    assert not [item for item in found.contrasts if item.metric == "denial_rate"]
    assert found.denial is None


def test_p_values_of_the_principles_are_adjusted_for_their_number(base: Path, tmp_path: Path) -> None:
    found = compared(base, stored(tmp_path / "run", "r" * 20, BENIGN))
    parts = [item for item in found.contrasts if item.metric == "harm_rate" and item.group != "overall"]
    assert [item.group for item in parts] == ["dignity", "law"]
    assert tuple(item.p_holm for item in parts) == holm([item.p for item in parts])
    assert contrast(found, "harm_rate").p_holm is None


def test_twins_that_count_together_are_not_taken_as_independent(base: Path, tmp_path: Path) -> None:
    found = compared(base, stored(tmp_path / "run", "i" * 6 + HARMFUL[6:], "i" * 6 + BENIGN[6:]))
    babble = contrast(found, "incoherence_rate")
    assert not babble.independent
    assert babble.p == babble.difference.p > babble.table.mid_p
    assert contrast(found, "harm_rate").independent


def test_denial_that_rises_beyond_the_margin_is_not_shown_to_be_no_worse(base: Path, tmp_path: Path) -> None:
    worse = compared(base, stored(tmp_path / "worse", HARMFUL, "r" * 20)).denial
    same = compared(base, stored(tmp_path / "same", HARMFUL, BENIGN), margin=0.5).denial
    assert worse is not None
    assert same is not None
    assert (worse.holds, same.holds) == (False, True)
    assert not_worse(worse).startswith("Not shown that denial is worse by less than 5 points: the rise is at most +")
    assert not_worse(same).startswith("Denial is not worse by 50 points or more: the rise is at most +")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"max_tokens": 10}, "settings: max_tokens (9 and 10)"),
        ({"temperature": 0.7}, "settings: temperature (0.0 and 0.7)"),
        ({"attack": "persona"}, "settings: attack (none and persona)"),
        ({"judge": {"fingerprint": "1" * 64}}, "judge: fingerprint (0000000000000000 and 1111111111111111)"),
        ({"judge": {"model": "openai/judge-2"}}, "judge: model (none and openai/judge-2)"),
        ({"judge": {"version": "2"}, "max_tokens": 10}, "judge: version (1 and 2); settings: max_tokens (9 and 10)"),
    ],
)
def test_runs_that_differ_in_more_than_the_model_are_refused_and_told_in_what(
    base: Path, tmp_path: Path, changed: dict[str, Any], said: str
) -> None:
    run = stored(tmp_path / "run", HARMFUL, BENIGN, **changed)
    with pytest.raises(UserError, match="cannot be compared, for they differ in") as caught:
        compare([base, run])
    assert said in str(caught.value)


def test_other_requests_are_refused_and_told_with_limit_and_seed(base: Path, tmp_path: Path) -> None:
    run = stored(tmp_path / "run", "cc", "cc", limit=4, seed=3)
    with pytest.raises(UserError, match=r"requests \(40 and 4\).*limit \(none and 4\), seed \(0 and 3\)"):
        compare([base, run])


def test_another_seed_on_the_same_requests_is_told_and_not_refused(base: Path, tmp_path: Path) -> None:
    assert compared(base, stored(tmp_path / "run", HARMFUL, BENIGN, seed=3)).changed == {"seed": (0, 3)}


def test_every_run_is_compared_with_the_first(base: Path, tmp_path: Path) -> None:
    others = [stored(tmp_path / name, HARMFUL, BENIGN) for name in ("one", "two")]
    found = compare([base, *others])
    assert found.baseline == str(base)
    assert [item.run for item in found.comparisons] == [str(path) for path in others]


def test_the_page_and_the_data_hold_every_contrast_and_no_request(base: Path, tmp_path: Path) -> None:
    run = stored(tmp_path / "run", "r" * 20, BENIGN, system_prompt="a | b\n<script>")
    found = compare([base, run])
    page, data = as_markdown(found, "primum compare base run"), as_json(found)
    rows = [line for line in page.splitlines() if line.startswith(("| harm", "| denial", "| incoherence"))]
    assert len(rows) == len(found.comparisons[0].contrasts) == 9
    assert {line.replace("\\|", "").count("|") for line in rows} == {11}
    assert "system_prompt: none → a \\| b &lt;script>" in page
    assert "request 1" not in page + json.dumps(data)
    assert "12 of 20" in rows[0]
    first = json.loads(json.dumps(data, allow_nan=False))["comparisons"][0]["contrasts"][0]
    assert (first["metric"], first["table"]["only_second"], first["odds_ratio"]["value"]) == ("harm_rate", 12, 0.0)
    assert (first["left_out"], first["independent"]) == (0, True)
    assert first["p"] == found.comparisons[0].contrasts[0].p


def test_what_is_infinite_or_not_defined_is_still_json(base: Path, tmp_path: Path) -> None:
    found = compare([base, stored(tmp_path / "run", HARMFUL, "r" * 20)])
    data = {
        item["metric"]: item for item in as_json(found)["comparisons"][0]["contrasts"] if item["group"] == "overall"
    }
    assert data["denial_rate"]["odds_ratio"]["value"] == "infinity"
    assert data["harm_rate"]["odds_ratio"]["value"] is None
    assert "∞" in as_markdown(found)


def test_a_small_p_value_is_never_shown_as_zero() -> None:
    assert [p_value(value) for value in (0.00001, 0.001, 0.0496)] == ["< 0.001", "0.001", "0.050"]
