"""``primum compare`` and ``primum power``, as a person types them."""

import json
from pathlib import Path

import pytest

from tests.cli.commandline import primum
from tests.evaluation.compared import stored

HARMFUL, BENIGN = "c" * 12 + "r" * 8, "r" * 4 + "c" * 16


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a baseline and two runs beside it."""
    monkeypatch.chdir(tmp_path)
    stored(Path("base"), HARMFUL, BENIGN)
    stored(Path("run"), "r" * 20, BENIGN, system_prompt="Be careful.")
    stored(Path("other"), HARMFUL, BENIGN, max_tokens=10)
    return tmp_path


def said(*words: str | Path) -> str:
    outcome = primum(*words)
    assert outcome.code == 0, outcome
    assert outcome.err == ""
    return outcome.out


def refused(*words: str | Path) -> str:
    outcome = primum(*words)
    assert outcome.code == 2, outcome
    assert outcome.out == ""
    return outcome.error


def test_the_terminal_shows_rates_difference_and_counts_in_lines_that_fit() -> None:
    lines = said("compare", "base", "run").splitlines()
    assert lines[0] == "made-up 1, split test, 40 requests; judge judge@1-00000000"
    block = lines[lines.index("harm_rate") :]
    assert block[1] == "  baseline    60.0 % (38.7 to 78.1 %; 12 of 20)"
    assert block[2] == "  run         0.0 % (0.0 to 16.1 %; 0 of 20)"
    assert block[3].startswith("  difference  -60.0 points (-80.0 to -")
    assert block[3].endswith("p < 0.001; 0 requests left out")
    assert "6 of 10 → 0 of 10" in block[6]
    assert block[6].endswith("(Holm)")
    assert any(line.startswith("Not shown that denial") or line.startswith("Denial is not worse") for line in lines)
    assert max(map(len, lines)) <= 110
    assert "request 1" not in "".join(lines)


def test_a_page_and_data_are_written_and_named() -> None:
    assert said("compare", "base", "run", "--out", "made/c.md").endswith("Comparison: made/c.md\n")
    assert said("compare", "base", "run", "--judge", "judge", "--out", "c.json").endswith("Comparison: c.json\n")
    page, data = Path("made/c.md").read_text(encoding="utf-8"), json.loads(Path("c.json").read_text(encoding="utf-8"))
    assert "primum compare base run --out made/c.md" in page
    assert "Changed: system_prompt: none → Be careful." in page
    assert data["baseline"] == "base"
    assert data["comparisons"][0]["denial"]["margin"] == 0.05


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["base"], "1 run was given; a comparison needs two or more."),
        (["base", "base"], "A run is given twice: base, base."),
        (["base", "none"], "none holds no run (no manifest.json)."),
        (["base", "other"], "base and other cannot be compared, for they differ in settings: max_tokens (9 and 10)."),
        (["base", "run", "--judge", "rubric"], "Judge 'rubric' has not judged base. Judged by: judge@1-00000000."),
        (["base", "run", "--margin", "0"], "--margin has the value 0.0. Allowed: above 0 and below 1"),
        (["base", "run", "--margin", "nan"], "--margin has the value nan."),
        (
            ["base", "run", "--out", "c.txt"],
            "--out c.txt is of no known kind. Allowed: a file that ends in .md or .json.",
        ),
    ],
)
def test_a_comparison_that_cannot_be_made_is_one_line(words: list[str], message: str) -> None:
    assert message in refused("compare", *words)


def test_a_run_without_numbers_is_told_how_to_get_them() -> None:
    (next(Path("run/estimates").iterdir())).unlink()
    assert "run has no numbers by the judge 'judge@1-00000000'. Write them with: primum judge run." in (
        refused("compare", "base", "run")
    )


def test_the_requests_for_a_difference_follow_the_published_equation() -> None:
    """Connor 1987, Biometrics 43:207: discordance .1 and difference .05 take 312."""
    assert said("power", "--difference", "0.05", "--discordance", "0.1").startswith(
        "312 requests, answered in both runs"
    )
    rising, falling = (said("power", "--difference", sign + "0.05", "--rate", "0.3") for sign in ("", "-"))
    assert "from 30 % to 35 %" in rising
    assert "from 30 % to 25 %" in falling
    # By hand: .3 to .35 with correlation .5 is a discordance of .2214, so ((1.96 √.2214 + .8416 √.2189) / .05)² = 692.8.
    assert [text.split()[0] for text in (rising, falling)] == ["693", "631"]


def test_outcomes_that_go_together_and_less_power_take_fewer_requests() -> None:
    def needed(*words: str) -> int:
        return int(said("power", "--difference", "0.05", "--rate", "0.3", *words).split()[0].replace(",", ""))

    assert needed("--correlation", "0.8") < needed() == needed("--correlation", "0.5") < needed("--correlation", "0")
    assert needed("--power", "0.5") < needed() < needed("--level", "0.99")


def test_the_requests_for_a_half_width_give_an_interval_of_that_length() -> None:
    assert said("power", "--half-width", "0.03", "--rate", "0.3").startswith("894 requests\n")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "Say what is wanted: either --difference 0.05 or --half-width 0.03"),
        (["--difference", "0.1", "--half-width", "0.1"], "Say what is wanted"),
        (["--difference", "0.05"], "--difference needs the baseline's --rate"),
        (["--difference", "0", "--rate", "0.3"], "--difference has the value 0.0."),
        (["--difference", "nan", "--rate", "0.3"], "--difference has the value nan."),
        (["--difference", "0.8", "--rate", "0.3"], "makes the run's rate 1.1. Allowed: 0 to 1"),
        (["--difference", "0.1", "--rate", "1.3"], "--rate has the value 1.3. Allowed: 0 to 1."),
        (["--difference", "0.1", "--rate", "0.3", "--power", "1"], "--power has the value 1.0."),
        (["--difference", "0.1", "--rate", "0.3", "--power", "0"], "--power has the value 0.0."),
        (["--difference", "0.1", "--rate", "0.3", "--level", "95"], "--level has the value 95.0."),
        (["--difference", "0.1", "--rate", "0.3", "--correlation", "0.99"], "cannot correlate by 0.99. Choose a"),
        (["--difference", "0.2", "--discordance", "0.1"], "Choose another --discordance."),
        (["--difference", "0.1", "--discordance", "0.2", "--correlation", "0"], "say the same thing in two ways"),
        (["--half-width", "0.03"], "--half-width needs the expected --rate"),
        (["--half-width", "0", "--rate", "0.3"], "--half-width has the value 0.0."),
        (["--half-width", "0.03", "--rate", "0.3", "--power", "0.9"], "--power belongs to --difference."),
    ],
)
def test_a_plan_that_makes_no_sense_is_one_line(words: list[str], message: str) -> None:
    assert message in refused("power", *words)
