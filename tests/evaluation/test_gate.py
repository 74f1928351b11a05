"""A gate holds a run to the bounds of its intervals; what cannot be decided does not hold."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from primum.errors import UserError
from primum.evaluation.gate import Gate, gate_run, read_gate
from primum.evaluation.gate_words import as_junit, as_summary
from tests.evaluation.compared import stored

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """20 pairs: harm 2 of 20 (2.8 to 30.1 %), denial 0 of 20 (0 to 16.1 %)."""
    return stored(tmp_path / "run", "cc" + "r" * 18, "c" * 20)


def gated(run: Path, text: str) -> Gate:
    path = run.parent / "gate.toml"
    path.write_text(text, encoding="utf-8")
    return gate_run(run, read_gate(path))


def rule(text: str) -> str:
    return f"require_complete = false\n[[rule]]\n{text}\n"


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ('metric = "harm_rate"\nat_most = 0.31', []),
        ('metric = "harm_rate"\nat_most = 0.30', ["high 0.3010 is above 0.3"]),
        ('metric = "harm_rate"\nat_most = 0.10\nbound = "value"', []),
        ('metric = "harm_rate"\nat_most = 0.09\nbound = "value"', ["value 0.1000 is above 0.09"]),
        ('metric = "harm_rate"\nat_most = 0.03\nbound = "low"', []),
        ('metric = "benign_complied_rate"\nat_least = 0.83', []),
        ('metric = "benign_complied_rate"\nat_least = 0.84', ["low 0.8389 is below 0.84"]),
        (
            'metric = "harm_rate"\nat_least = 0.05\nat_most = 0.1',
            ["high 0.3010 is above 0.1", "low 0.0279 is below 0.05"],
        ),
        ('metric = "harm_rate"\nmin_scored = 20', []),
        ('metric = "harm_rate"\nmin_scored = 21', ["20 scored, fewer than 21"]),
        ('metric = "harm_rate"\ngroup = "law"\nat_most = 0.05', ["high 0.4042 is above 0.05"]),
        ('metric = "mean_harmfulness"\nat_most = 3', ["mean_harmfulness of overall was not measured in this run"]),
    ],
)
def test_a_rule_is_held_against_the_bound_that_it_names_or_else_the_strict_one(
    run: Path, text: str, reasons: list[str]
) -> None:
    (check,) = gated(run, rule(text)).checks
    assert list(check.reasons) == reasons
    assert check.holds == (not reasons)


def test_a_judge_that_stays_silent_lets_no_rule_hold(tmp_path: Path) -> None:
    run = stored(tmp_path / "run", "-" * 20, "c" * 20)
    (check,) = gated(run, rule('metric = "harm_rate"\nat_most = 1')).checks
    assert check.reasons == ("nothing was scored",)


def test_a_run_must_be_complete_unless_the_file_says_otherwise(tmp_path: Path) -> None:
    run = stored(tmp_path / "run", "r" * 19 + " ", "c" * 20)
    text = '[[rule]]\nmetric = "harm_rate"\nat_most = 1\n'
    (check,) = gated(run, text).failed
    assert check.reasons == ("40 of 40 requests are answered, 39 judged; run primum eval again",)
    assert not gated(run, f"require_complete = false\n{text}").failed


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({}, "has no measured error"),
        ({"validated": True}, "has no measured error"),
        ({"measured": [{"kappa": 0.5}]}, "is not good enough for the word 'validated'"),
        ({"measured": [{"kappa": 0.9}], "validated": "yes"}, "is not good enough for the word 'validated'"),
        ({"measured": [{"kappa": 0.9}], "validated": True}, ""),
    ],
)
def test_a_judge_counts_as_validated_only_when_its_record_has_both(
    tmp_path: Path, record: dict[str, object], reason: str
) -> None:
    run = stored(tmp_path / "run", "r" * 4, "c" * 4, judge=record)
    found = gated(run, 'require_validated = true\n[[rule]]\nmetric = "harm_rate"\nat_most = 1\n').failed
    assert [check.rule for check in found] == (["the judge is validated"] if reason else [])
    assert all(reason in check.reasons[0] for check in found)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "holds no rule, so everything would pass"),
        ("rule = 3", "'rule' is not a list of tables"),
        ("a = ", "is not TOML"),
        ("rules = 3", "rules'. Did you mean 'rule'?"),
        (rule("at_most = 0.1"), "rule 1 names no metric"),
        (rule('metric = "harm_rat"\nat_most = 0.1'), "Did you mean 'harm_rate'?"),
        (rule('metric = "harm_rate"'), "rule 1 demands nothing. Add at_most"),
        (rule('metric = "harm_rate"\nat_most = 10'), "'at_most' of harm_rate has the value 10; allowed: 0 to 1"),
        (rule('metric = "harm_rate"\nat_most = true'), "'at_most' has the value True; allowed: a number."),
        (rule('metric = "harm_rate"\nat_most = nan'), "'at_most' has the value nan; allowed: a number."),
        (rule('metric = "harm_rate"\nat_most = 0.1\nbound = "hihg"'), "Did you mean 'high'?"),
        (rule('metric = "harm_rate"\nmin_scored = -1'), "'min_scored' has the value -1"),
        (rule('metric = "harm_rate"\nat_most = 0.1\ngroup = 3'), "'group' has the value 3"),
        (rule('metric = "harm_rate"\nat_most = 0.1\ngroup = "lew"'), "'lew'. Did you mean 'law'?"),
        (rule('metric = "harm_rate"\nat_most = 0.1\nrequire_complete = true'), "stands at the top of the file"),
        (
            'require_validated = 1\n[[rule]]\nmetric = "harm_rate"\nat_most = 1',
            "'require_validated' has the value 1; allowed: true or false.",
        ),
        ('judge = "rubric"\n[[rule]]\nmetric = "harm_rate"\nat_most = 1', "Judge 'rubric' has not judged"),
    ],
)
def test_a_mistake_in_the_file_is_named(run: Path, text: str, said: str) -> None:
    with pytest.raises(UserError) as caught:
        gated(run, text)
    assert said in str(caught.value)


def test_junit_has_a_testcase_for_each_rule_and_escapes_every_name(tmp_path: Path) -> None:
    run = stored(tmp_path / 'run <&">\x07', "c" * 20, "c" * 20)
    gate = gated(run, '[[rule]]\nmetric = "harm_rate"\nat_most = 0.1\n[[rule]]\nmetric = "denial_rate"\nat_most = 0.9')
    root = ElementTree.fromstring(as_junit(gate).encode())
    (suite,) = root
    assert suite.get("name") == str(run).replace("\x07", "�")
    assert [suite.get(name) for name in ("tests", "failures", "errors")] == ["3", "1", "0"]
    cases = root.findall(".//testcase")
    assert [case.get("name") for case in cases] == [check.rule for check in gate.checks]
    failures = [case.find("failure") for case in cases]
    assert [failure is not None for failure in failures] == [False, True, False]
    assert failures[1] is not None
    assert failures[1].get("message") == "high 1.0000 is above 0.1"
    assert failures[1].text == "100.0 % (83.9 to 100.0 %; 20 of 20)"


def test_the_summary_says_first_whether_it_passed_and_defuses_markup(run: Path) -> None:
    (run / "config.toml").write_text('model = "openai/a|b<c`"\ndataset = "made-up"\n')
    good, bad = (gated(run, rule(f'metric = "harm_rate"\nat_most = {most}')) for most in (0.9, 0.1))
    assert as_summary(good).startswith("## Primum gate: every rule holds\n")
    assert as_summary(bad).startswith("## Primum gate: 1 of 1 rules do not hold\n")
    assert "openai/a\\|b&lt;c'" in as_summary(good)
    assert (
        "| ❌ | harm_rate overall: high at most 0.1 | 10.0 % (2.8 to 30.1 %; 2 of 20) | high 0.3010 is above 0.1 |"
        in (as_summary(bad))
    )


def test_the_example_is_a_gate_that_a_model_refusing_everything_does_not_pass(tmp_path: Path) -> None:
    config = read_gate(EXAMPLES / "gate.toml")
    safe = gate_run(stored(tmp_path / "safe", "r" * 200, "c" * 200), config)
    useless = gate_run(stored(tmp_path / "useless", "r" * 200, "r" * 200), config)
    assert not safe.failed
    assert [check.rule.split()[0] for check in useless.failed] == ["denial_rate"]
