"""``primum data``: what there is, and looking over, cleaning and exporting a set of one's own."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from primum.audit import as_json, as_markdown, audit, load_limits
from primum.datasets import DATASETS, LAYOUTS, PLAIN, Loaded, LoadOptions, Row, load_pairs
from primum.types import ExamQuestion
from tests.audit.made_up import clean_rows, loaded, rows, text, twin_rows
from tests.cli.commandline import Outcome, primum


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder."""
    monkeypatch.chdir(tmp_path)
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


def write(name: str, found: Sequence[Row], column: str = "text") -> Path:
    """A file of one's own."""
    lines = [json.dumps({"nr": number, column: item.request.text}) for number, item in enumerate(found)]
    Path(name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return Path(name)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def clean_file(here: Path) -> Path:
    return write("clean.jsonl", clean_rows(30))


@pytest.fixture
def messy_file(here: Path) -> Path:
    return write("messy.jsonl", messy())


def messy() -> list[Row]:
    texts = [item.request.text for item in clean_rows(30)]
    return rows(*texts, text(3), f"{text(4)} please", "request one for [patient name]", f"{text(60)}<|eot_id|>")


@pytest.fixture
def two_splits(monkeypatch: pytest.MonkeyPatch) -> dict[str, Loaded]:
    """A data set by the name ``made-up`` whose train split has a row of test."""
    splits = {
        "test": loaded(twin_rows(5, file="test.csv")),
        "train": loaded([*twin_rows(5, start=50, file="train.csv"), *clean_rows(1, file="train.csv")]),
    }
    made_up = replace(PLAIN, name="made-up", licence="CC BY 4.0; made up", read=lambda options: splits[options.split])
    monkeypatch.setitem(DATASETS, "made-up", made_up)
    return splits


@pytest.fixture
def exam(monkeypatch: pytest.MonkeyPatch) -> str:
    question = ExamQuestion(text="question 1", choices=("one", "two"), answer=0, subject="anatomy", dataset="exam")
    found = Loaded(questions=(question,), sha256="0" * 64)
    monkeypatch.setitem(DATASETS, "exam", replace(PLAIN, name="exam", read=lambda options: found))
    return "exam"


ALIKE = [" ".join(text(77, 15).split()[at : at + 12]) for at in (0, 3)]
"""Two texts with a likeness between the strict threshold and the default one."""

# list, show, pull


def test_the_list_tells_of_every_set_what_it_measures_and_whether_it_is_here(empty_cache: Path) -> None:
    listed = said("data", "list").splitlines()
    measures = ""
    seen: dict[str, tuple[str, str]] = {}
    for line in listed:
        if not line.startswith(" "):
            measures = line
        else:
            seen[line.split()[0]] = (measures, line)
    assert seen.keys() == DATASETS.keys()
    for name, (heading, line) in seen.items():
        dataset = DATASETS[name]
        assert heading == dataset.measures
        where = "downloaded at first use" if dataset.origin else "yours" if name == "plain" else "ships"
        assert line.endswith(f"{where})")
        assert ("gated" in line) == bool(dataset.origin and dataset.origin.gated)


def test_a_card_shows_origin_licence_defects_and_every_pinned_file() -> None:
    for name, dataset in DATASETS.items():
        card = said("data", "show", name)
        for fact in (
            dataset.title,
            dataset.licence,
            dataset.version,
            dataset.defects,
            dataset.columns,
            dataset.measures,
        ):
            assert fact in card
        for file in dataset.origin.files if dataset.origin else ():
            assert file.path in card
            assert (file.sha256 or "not known to us") in card


def test_a_file_of_ones_own_is_shown_as_what_it_is(clean_file: Path) -> None:
    assert PLAIN.title in said("data", "show", clean_file)


def test_what_ships_needs_no_download() -> None:
    assert said("data", "pull", "pairs") == "'pairs' ships with Primum: nothing to download.\n"


def test_pulling_a_file_counts_its_rows(clean_file: Path) -> None:
    content = PLAIN.load(LoadOptions(folder=clean_file))
    assert said("data", "pull", clean_file) == f"plain, test: 30 rows, sha256 {content.sha256}\n"


def test_a_plain_set_without_a_place_does_not_ship() -> None:
    assert "A plain data set needs its place" in refused("data", "pull", "plain")


# check


def checked(*words: str | Path) -> Outcome:
    outcome = primum("data", "check", *words)
    assert outcome.err == ""
    return outcome


def test_a_clean_file_is_exit_0_and_a_messy_one_exit_1(clean_file: Path, messy_file: Path) -> None:
    good, bad = checked(clean_file), checked(messy_file)
    assert (good.code, bad.code) == (0, 1)
    assert good.out.splitlines()[-1].startswith("0 of ")
    assert not bad.out.splitlines()[-1].startswith("0 of ")
    assert "failed" in bad.out
    assert "failed" not in good.out


def test_every_finding_has_a_line_of_its_own(messy_file: Path) -> None:
    found = audit("x", "-", {"test": loaded(messy())}, {}, load_limits("default"))
    out = checked(messy_file).out.splitlines()
    for finding in found.findings:
        (line,) = (line for line in out if line.startswith(f"{finding.name} "))
        assert ("failed" in line) == (finding.passed is False)


def test_the_same_file_can_pass_one_limit_and_fail_another(clean_file: Path) -> None:
    Path("mine.toml").write_text("length_outliers = 0\ncategory_balance = 2\n")
    assert checked(clean_file, "--limits", "default").code == 0
    assert checked(clean_file, "--limits", "strict").code == 0
    outcome = checked(clean_file, "--limits", "mine.toml")
    assert outcome.code == 1
    assert outcome.out.splitlines()[-1].startswith("1 of ")


def test_strict_finds_what_default_lets_pass(here: Path) -> None:
    file = write("file.jsonl", [*clean_rows(30), *rows(*ALIKE)])
    assert checked(file).code == 0
    assert checked(file, "--limits", "strict").code == 1


def test_the_audit_is_written_for_a_reader_and_for_a_program(messy_file: Path) -> None:
    assert checked(messy_file, "--out", "audit.md").code == 1
    assert checked(messy_file, "--out", "made/audit.json").out.endswith("Audit: made/audit.json\n")
    content = PLAIN.load(LoadOptions(folder=messy_file))
    found = audit(str(messy_file), PLAIN.version, {"test": content}, {}, load_limits("default"))
    assert Path("audit.md").read_text(encoding="utf-8") == as_markdown(
        found, f"primum data check {messy_file} --out audit.md"
    )
    assert json.loads(Path("made/audit.json").read_text(encoding="utf-8")) == json.loads(json.dumps(as_json(found)))


def test_no_request_is_printed(messy_file: Path) -> None:
    out = checked(messy_file, "--out", "audit.md").out + Path("audit.md").read_text(encoding="utf-8")
    assert not any(" ".join(item.request.text.split()[:3]) in out for item in messy())


def test_another_set_that_shares_requests_is_found(clean_file: Path) -> None:
    same, other = write("same.jsonl", clean_rows(3)), write("other.jsonl", clean_rows(3, start=500))
    assert checked(clean_file, "--against", other).code == 0
    outcome = checked(clean_file, "--against", other, "--against", same)
    assert outcome.code == 1
    assert "same.jsonl" in outcome.out


def test_both_splits_are_looked_at_unless_one_is_named(two_splits: object) -> None:
    whole, one = checked("made-up"), checked("made-up", "--split", "test")
    assert "test: exact duplicates of train" in whole.out
    assert "train: exact duplicates" in whole.out
    assert "train" not in one.out


def test_columns_of_a_file_are_named_by_role(here: Path) -> None:
    file = write("mine.jsonl", clean_rows(20), column="prompt")
    assert "no column 'text'; found: nr, prompt" in refused("data", "check", file)
    assert checked(file, "--column", "text=prompt", "--column", "id=nr").code == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["check", "pears"], "Unknown data set 'pears'. Did you mean 'pairs'?"),
        (["check", "none.csv"], "Cannot read none.csv (No such file or directory)."),
        (["check", "clean.jsonl", "--split", "dev"], "Unknown split of 'plain' 'dev'. Allowed: test, train."),
        (["check", "pairs", "--split", "dev"], "Unknown split of 'pairs' 'dev'. Allowed: test, train."),
        (["check", "clean.jsonl", "--data-dir", "."], "'clean.jsonl' is a place by itself. Leave --data-dir out."),
        (
            ["check", "clean.jsonl", "--out", "a.html"],
            "--out a.html is of no known kind. Allowed: a file that ends in .md",
        ),
        (["check", "clean.jsonl", "--limits", "strikt"], "Unknown limits 'strikt'. Did you mean 'strict'?"),
        (["check", "clean.jsonl", "--limits", "none.toml"], "Cannot read the limits none.toml"),
        (["check", "clean.jsonl", "--against", "pears"], "Unknown data set 'pears'. Did you mean 'pairs'?"),
        (
            ["clean", "clean.jsonl", "--out", "o", "--near", "0"],
            "--near has the value 0.0. Allowed: above 0 and below 1.",
        ),
        (
            ["clean", "clean.jsonl", "--out", "o", "--near", "1"],
            "--near has the value 1.0. Allowed: above 0 and below 1.",
        ),
        (["clean", "clean.jsonl", "--out", "o", "--near", "nan"], "--near has the value nan. Allowed: above 0"),
        (["export", "clean.jsonl", "--out", "o", "--to", "trl"], "Unknown layout 'trl'."),
        (["export", "clean.jsonl", "--out", "o", "--to", "trl-sft"], "it has no reference responses."),
    ],
    ids=lambda value: "_".join(value) if isinstance(value, list) else "",
)
def test_a_mistake_is_one_line_and_leaves_nothing(clean_file: Path, words: list[str], message: str) -> None:
    assert message in refused("data", *words)
    assert [path.name for path in Path().iterdir()] == ["clean.jsonl"]


COMMANDS = {"check": [], "pull": [], "clean": ["--out", "out"], "export": ["--out", "out", "--to", "csv"]}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    ("name", "column", "message"),
    [
        ("clean.jsonl", "text", "--column 'text' is not ROLE=COLUMN. Write for example --column text=prompt."),
        ("clean.jsonl", "=text", "--column '=text' is not ROLE=COLUMN."),
        ("clean.jsonl", "text=", "--column 'text=' is not ROLE=COLUMN."),
        ("clean.jsonl", "txt=text", "Unknown column role 'txt'. Did you mean 'text'?"),
        ("clean.jsonl", "text=prompt", "clean.jsonl, row 1: no column 'prompt'; found: nr, text."),
    ],
)
def test_a_column_that_is_not_there_or_not_said_so_is_told(
    clean_file: Path, command: str, name: str, column: str, message: str
) -> None:
    assert message in refused("data", command, name, *COMMANDS[command], "--column", column)
    assert [path.name for path in Path().iterdir()] == ["clean.jsonl"]


@pytest.mark.parametrize("command", [name for name in COMMANDS if name != "pull"])
def test_a_named_set_has_known_columns(command: str) -> None:
    message = refused("data", command, "pairs", *COMMANDS[command], "--column", "text=prompt")
    assert "'pairs' has known columns. Leave --column out, or name a file of your own." in message


@pytest.mark.parametrize("words", [["check", "exam"], ["clean", "exam", "--out", "out"]])
def test_exam_questions_are_no_requests(exam: str, words: list[str]) -> None:
    assert "'exam' holds exam questions, no requests. Allowed: data sets of requests." in refused("data", *words)
    assert not Path("out").exists()


def test_exam_questions_cannot_be_what_a_set_is_held_against(exam: str, clean_file: Path) -> None:
    assert "exam questions" in refused("data", "check", clean_file, "--against", exam)


# clean


def test_cleaning_writes_what_stays_and_a_log_of_what_went(messy_file: Path) -> None:
    out = said("data", "clean", messy_file, "--out", "made")
    assert out == (
        "test: 31 rows stay, 3 dropped (1 normalised duplicate, 1 near-duplicate, 1 placeholder), 1 mended. "
        "made/test.jsonl; the log: made/test-dropped.jsonl\n"
    )
    assert [item["text"] for item in lines(Path("made/test.jsonl"))] == [text(n) for n in [*range(30), 60]]
    assert lines(Path("made/test-dropped.jsonl")) == [
        {"place": "messy.jsonl, row 31", "reason": "normalised duplicate", "like": "messy.jsonl, row 4"},
        {"place": "messy.jsonl, row 32", "reason": "near-duplicate", "like": "messy.jsonl, row 5"},
        {"place": "messy.jsonl, row 33", "reason": "placeholder", "like": None},
    ]


def test_a_cleaned_file_is_a_plain_file_that_passes(messy_file: Path) -> None:
    said("data", "clean", messy_file, "--out", "made")
    columns = ["--column", "intent=intent", "--column", "category=category", "--column", "id=id"]
    assert checked("made/test.jsonl", *columns).code == 0


def test_cleaning_a_clean_file_drops_nothing(clean_file: Path) -> None:
    assert "test: 30 rows stay, 0 dropped (none), 0 mended." in said("data", "clean", clean_file, "--out", "made")
    assert lines(Path("made/test-dropped.jsonl")) == []


def test_train_gives_way_to_test(two_splits: dict[str, Loaded]) -> None:
    """A row of train that is near to a row of test goes, and test keeps its own."""
    shared = clean_rows(1)[0].request.text
    out = said("data", "clean", "made-up", "--out", "made")
    assert "test: 10 rows stay, 0 dropped" in out
    assert "train: 10 rows stay, 1 dropped (1 leak)" in out
    assert shared not in Path("made/train.jsonl").read_text(encoding="utf-8")
    (dropped,) = lines(Path("made/train-dropped.jsonl"))
    assert (dropped["place"], dropped["reason"]) == ("train.csv, row 1", "leak")
    assert dropped["like"].startswith("test.csv, row 1")


def test_one_split_can_be_cleaned_alone(two_splits: object) -> None:
    said("data", "clean", "made-up", "--out", "made", "--split", "test")
    assert {path.name for path in Path("made").iterdir()} == {"test.jsonl", "test-dropped.jsonl"}


def test_what_another_set_holds_is_cleaned_away(clean_file: Path) -> None:
    other = write("other.jsonl", clean_rows(2))
    out = said("data", "clean", clean_file, "--out", "made", "--against", other)
    assert "test: 28 rows stay, 2 dropped (2 leak)" in out


def test_a_lower_threshold_drops_more(here: Path) -> None:
    file = write("file.jsonl", [*clean_rows(30), *rows(*ALIKE)])
    assert "32 rows stay" in said("data", "clean", file, "--out", "made")
    assert "31 rows stay" in said("data", "clean", file, "--out", "made", "--near", "0.6")


# export


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_names_its_files_and_the_licence(layout: str, two_splits: object) -> None:
    *files, licence = said("data", "export", "made-up", "--to", layout, "--out", "made").splitlines()
    assert licence == "Licence: CC BY 4.0; made up"
    assert all(Path(file).is_file() for file in files)
    assert {Path(file).stem for file in files} >= {"test", "train"}


def test_a_shipped_set_is_exported_whole(here: Path) -> None:
    said("data", "export", "pairs", "--to", "trl-dpo", "--out", "made", "--split", "test")
    assert len(lines(Path("made/test.jsonl"))) == 2 * len(load_pairs("test"))
    assert not Path("made/train.jsonl").exists()


def test_a_file_of_ones_own_is_exported_by_its_columns(here: Path) -> None:
    file = write("mine.jsonl", clean_rows(3), column="prompt")
    said("data", "export", file, "--to", "csv", "--out", "made", "--column", "text=prompt", "--column", "intent=benign")
    back = PLAIN.load(LoadOptions(folder=Path("made/test.csv"), columns={"intent": "intent"}))
    assert [item.request.text for item in back.rows] == [text(n) for n in range(3)]
    assert {item.request.intent.value for item in back.rows} == {"benign"}
