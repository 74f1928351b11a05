"""``primum judges validate``, as a person uses it and misuses it."""

import json
from pathlib import Path

import pytest

from tests.cli.commandline import primum
from tests.stories.scripts import ANSWER, REFUSAL, script


@pytest.fixture
def labels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Labels of forty answers, in an empty working folder."""
    monkeypatch.chdir(tmp_path)
    rows = []
    for number in range(20):
        for answer, label in ((REFUSAL, "refused"), (ANSWER, "complied")):
            rows.append({"request": f"request {number}", "response": answer, "label": label, "where": str(number % 2)})
    path = tmp_path / "labels.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def refused(*words: str | Path) -> str:
    """The error of a command that must fail with exit 2 and say nothing on stdout."""
    outcome = primum("judges", "validate", *words)
    assert outcome.code == 2, outcome
    assert outcome.out == ""
    return outcome.error


def test_a_person_sees_every_number_with_interval_and_counts_and_then_the_verdict(labels: Path) -> None:
    outcome = primum(
        "judges", "validate", "refusal", "--labels", labels, "--column", "intent=harmful", "--group", "where"
    )
    assert outcome.code == 0
    assert "refusal@1 on labels.jsonl: 40 answers to 20 requests" in outcome.out
    assert "Refused or not: yes by people 20, by the judge 20" in outcome.out
    assert "kappa, group: 1" in outcome.out
    assert all("n = " in line for line in outcome.out.splitlines() if line.startswith("  "))
    assert outcome.out.endswith("validated for refusal\nvalidated for harm\n")


@pytest.mark.parametrize("name", ["record.json", "record.md"])
def test_the_record_is_written_for_a_program_or_a_reader(labels: Path, name: str) -> None:
    outcome = primum("judges", "validate", "refusal", "--labels", labels, "--out", name)
    assert outcome.code == 0
    assert f"Record: {name}" in outcome.out
    text = Path(name).read_text(encoding="utf-8")
    if name.endswith("json"):
        assert json.loads(text)["validated"] == ["refusal"]
    else:
        assert "- Validated for refusal." in text
        assert "primum judges validate refusal --labels" in text


def test_stability_is_told_with_sample_interval_and_counts(labels: Path) -> None:
    outcome = primum(
        "judges", "validate", "refusal", "--labels", labels, "--stability", "--stability-n", "10", "--out", "r.json"
    )
    assert outcome.code == 0
    assert "Verdicts that changed when 10 of the answers (seed 0) were judged again" in outcome.out
    assert "the same input again 0.0 % 0.0 to 27.8 % 0 of 10; 0 became refused" in " ".join(outcome.out.split())
    assert "the prompt in other words                     no paraphrase" in outcome.out
    assert json.loads(Path("r.json").read_text())["stability"]["size"] == 10


def test_a_sample_of_none_is_one_line(labels: Path) -> None:
    said = refused("refusal", "--labels", labels, "--stability", "--stability-n", "0")
    assert "--stability-n has the value 0" in said


def test_an_asked_judges_words_are_kept_under_runs(labels: Path) -> None:
    model = script(labels.parent / "judge.json", "#refusal: full")
    outcome = primum("judges", "validate", "refusal-llm", "--judge-model", model, "--labels", labels)
    assert outcome.code == 0
    assert f"refusal-llm@1 ({model}) on labels.jsonl" in outcome.out
    assert "not validated for refusal: kappa 0.000, at least 0.85 is needed" in outcome.out
    assert len(list(Path("runs").glob("labels-*/judgements/*.jsonl"))) == 1


def test_a_judge_or_model_that_is_not_there_is_one_line(labels: Path) -> None:
    assert "Unknown judge 'refusl'. Did you mean 'refusal'" in refused("refusl", "--labels", labels)
    assert "needs a language model: add --judge-model" in refused("rubric", "--labels", labels)
    assert "uses none" in refused("refusal", "--labels", labels, "--judge-model", "openai/m")
    assert "Unknown model provider 'no'" in refused("rubric", "--labels", labels, "--judge-model", "no/m")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "bad.csv is empty"),
        ("request,response,label\n", "bad.csv holds no rows"),
        ("request,response\nrequest 1,a\n", "bad.csv, row 1: no column 'label'; found: request, response."),
        ("request,response,label\nrequest 1,a,\n", "bad.csv, row 1: column 'label' is empty"),
        ("request,response,label\nrequest 1,a,safe\n", "row 1: column 'label' says 'safe'. Allowed: complied, partial"),
        ("request,response,label\n,a,refused\n", "row 1: column 'request' is empty"),
        ("request,response,label,rater1\nrequest 1,a,refused,no\n", "row 1: column 'rater1' says 'no'"),
        ("request,response,label,intent\nrequest 1,a,refused,bad\n", "row 1: column 'intent' says 'bad'"),
    ],
)
def test_a_file_that_is_not_as_it_must_be_is_named_with_its_row(labels: Path, content: str, said: str) -> None:
    Path("bad.csv").write_text(content)
    assert said in refused("refusal", "--labels", "bad.csv")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--labels", "none.csv"], "Cannot read none.csv"),
        (["--labels", "labels.xlsx"], "labels.xlsx is of no known format"),
        (["--labels", "labels.jsonl", "--out", "record.txt"], "--out record.txt is of no known kind"),
        (["--labels", "labels.jsonl", "--column", "label"], "--column 'label' is not ROLE=COLUMN"),
        (["--labels", "labels.jsonl", "--column", "lable=x"], "Unknown column role 'lable'. Did you mean 'label'"),
        (["--labels", "labels.jsonl", "--map", "yes"], "--map 'yes' is not WORD=OUTCOME"),
        (["--labels", "labels.jsonl", "--group", "x"], "row 1: no column 'x'"),
        (["--labels", "labels.jsonl", "--group", "x", "--column", "group=y"], "--group x and --column group=y differ"),
        (["--labels", "labels.jsonl", "--work", "labels.jsonl"], "labels.jsonl is a file"),
    ],
)
def test_an_option_that_makes_no_sense_is_one_line(labels: Path, words: list[str], said: str) -> None:
    assert said in refused("refusal", *words)


@pytest.mark.real_data
def test_xstests_completions_are_read_by_their_own_columns(data_dir: Path, tmp_path: Path) -> None:
    path = data_dir / "judge" / "xstest_completions" / "llama2new.csv"
    if not path.is_file():
        pytest.skip(f"{path} is not there")
    columns = "request=prompt", "response=completion", "label=final_label", "rater1=annotation_1", "rater2=annotation_2"
    options = [word for column in columns for word in ("--column", column)]
    words = "1_full_compliance=complied,2_full_refusal=refused,3_partial_refusal=partial"
    outcome = primum("judges", "validate", "refusal", "--labels", path, *options, "--map", words)
    assert outcome.code == 0
    assert "Refused or not: yes by people 107" in outcome.out
    assert "between raters: kappa" in outcome.out
