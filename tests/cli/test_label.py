"""``primum label`` as a person uses it."""

import csv
import io
import json
import os
import pty
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from rich.console import Console

import primum as library
from primum.cli.label_screen import label_on_screen, read_key
from tests.cli.commandline import primum
from tests.stories.scripts import ANSWER, script


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return library.evaluate(script(tmp_path / "model.json", ANSWER), limit=80, out=tmp_path / "run").path


@pytest.fixture
def file(run: Path, tmp_path: Path) -> Path:
    file = tmp_path / "sample.csv"
    assert primum("label", "draw", run, "--out", file, "--n", "80").code == 0
    return file


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def keys(text: str) -> Callable[[], str]:
    pressed: Iterator[str] = iter(text)
    return lambda: next(pressed, "")


def presses(file: Path, labels: str, grade: str = "\n") -> str:
    """One key for each answer from the first, and one more for the grade where the request is harmful."""
    return "".join(
        key + (grade if row["intent"] == "harmful" else "") for key, row in zip(labels, rows(file), strict=False)
    )


def screen(run: Path, file: Path, text: str) -> str:
    said = io.StringIO()
    label_on_screen(run, file, "anna", key=keys(text), console=Console(file=said, width=80))
    return said.getvalue()


def test_from_the_draw_to_corrected_rates(run: Path, file: Path) -> None:
    screen(run, file, presses(file, "crcrcp" * 20))
    done = primum("label", "import", run, file)
    assert done.out.startswith("80 labels added, 0 replaced, 0 known already, 0 rows without one.\n")
    assert f"primum label show {run}" in done.out
    again = primum("label", "import", run, file)
    assert again.out.startswith("0 labels added, 0 replaced, 80 known already, 0 rows without one.\n")
    shown = primum("label", "show", run)
    assert (shown.code, shown.err) == (0, "")
    assert "80 labels of 80 answers by 1 raters: anna 80" in shown.out
    assert "corrected" in shown.out
    assert "harm_rate" in shown.out
    assert "denial_rate" in shown.out


@pytest.mark.parametrize("name", ["found.md", "found.json"])
def test_what_is_shown_is_also_written_for_a_reader_or_a_program(
    run: Path, file: Path, tmp_path: Path, name: str
) -> None:
    screen(run, file, presses(file, "crcrcp" * 20))
    primum("label", "import", run, file)
    done = primum("label", "show", run, "--out", tmp_path / name)
    assert done.out.endswith(f"Record: {tmp_path / name}\n")
    text = (tmp_path / name).read_text(encoding="utf-8")
    if name.endswith("json"):
        assert json.loads(text)["raters"] == {"anna": 80}
    else:
        assert text.startswith("# Labels of answers judged by embedded@")


def test_a_kind_of_file_that_is_not_known_is_one_line(run: Path) -> None:
    assert "--out found.txt is of no known kind" in primum("label", "show", run, "--out", "found.txt").error


def test_a_system_without_unix_terminals_is_told_what_to_do_instead(
    run: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("primum.cli.label_screen.find_spec", lambda name: None)
    said = primum("label", "screen", run, file)
    assert said.code == 2
    assert "Fill in the CSV file instead, then: primum label import." in said.error
    assert "which this system has not" in said.error


def test_a_draw_prints_counts_and_none_of_the_words(run: Path, tmp_path: Path) -> None:
    said = primum("label", "draw", run, "--out", tmp_path / "s.csv", "--design", "random", "--n", "9")
    assert said.out == f"9 answers to label: {tmp_path / 's.csv'}\n  9 of 80 random\n"
    assert said.err == ""
    assert {row["label"] + row["rater"] + row["note"] for row in rows(tmp_path / "s.csv")} == {""}


def test_a_file_that_may_hold_labels_is_never_written_over(run: Path, file: Path) -> None:
    said = primum("label", "draw", run, "--out", file)
    assert said.code == 2
    assert "is there already and may hold labels" in said.error


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["draw", "RUN", "--out", "s.xlsx"], "a file that ends in .csv"),
        (["draw", "RUN", "--out", "s.csv", "--n", "0"], "--n has the value 0"),
        (["draw", "RUN", "--out", "s.csv", "--design", "best"], "Unknown design 'best'"),
        (["draw", "RUN", "--out", "s.csv", "--judge", "x"], "Judge 'x' has not judged"),
        (["draw", "RUN", "--out", "s.csv", "--design", "random", "--judge", "embedded"], "Leave --judge out"),
        (["draw", "nowhere", "--out", "s.csv"], "holds no run"),
        (["import", "RUN", "nowhere.csv"], "Cannot read nowhere.csv"),
        (["import", "RUN", "labels.txt"], "is no CSV file"),
        (["show", "RUN"], "has no labels"),
        (["screen", "RUN", "FILE"], "needs a terminal"),
    ],
)
def test_a_mistake_is_one_line_and_exit_2(
    run: Path, file: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, words: list[str], error: str
) -> None:
    monkeypatch.chdir(tmp_path)
    said = primum("label", *({"RUN": str(run), "FILE": str(file)}.get(word, word) for word in words))
    assert (said.code, said.out) == (2, "")
    assert error in said.error


def test_every_key_is_saved_and_the_next_start_goes_on(run: Path, file: Path) -> None:
    assert "2 of 80 labelled" in screen(run, file, presses(file, "cr") + "q")
    assert "3 of 80   c complied" in screen(run, file, "")
    screen(run, file, "i")
    assert [row["label"] for row in rows(file)[:4]] == ["complied", "refused", "incoherent", ""]
    assert {row["rater"] for row in rows(file)[:3]} == {"anna"}


def test_back_shows_the_last_answer_again_to_change_its_label(run: Path, file: Path) -> None:
    assert "now: complied" in screen(run, file, presses(file, "c") + "bp")
    assert [row["label"] for row in rows(file)[:2]] == ["partial", ""]


def first_harmful(file: Path) -> int:
    return next(at for at, row in enumerate(rows(file)) if row["intent"] == "harmful")


def test_an_answer_to_a_harmful_request_is_graded_by_a_digit_and_another_is_not_asked(run: Path, file: Path) -> None:
    said = screen(run, file, presses(file, "cr" * 10, grade="4"))
    assert "how harmful?   1 declines … 5 complies fully   Enter no grade" in said
    assert {(row["intent"], row["grade"]) for row in rows(file)[:20]} == {("harmful", "4"), ("benign", "")}
    done = primum("label", "import", run, file)
    assert done.out.startswith("20 labels added")


def test_enter_skips_the_grade_and_other_keys_are_no_answer(run: Path, file: Path) -> None:
    at = first_harmful(file)
    before = presses(file, "c" * at)
    assert f"{at + 2} of 80   c complied" in screen(run, file, before + "c" + "c0x6\n")
    assert (rows(file)[at]["label"], rows(file)[at]["grade"], rows(file)[at + 1]["label"]) == ("complied", "", "")


def test_back_from_the_grade_is_the_label_and_another_label_takes_the_grade_away(run: Path, file: Path) -> None:
    at = first_harmful(file)
    before = presses(file, "c" * at)
    said = screen(run, file, before + "c5" + "b")
    assert "now: complied 5" in said
    screen(run, file, "b" + "c\n")
    assert rows(file)[at]["grade"] == "5"
    screen(run, file, "b" + "cb" + "r")
    assert (rows(file)[at]["label"], rows(file)[at]["grade"]) == ("refused", "")


def test_a_file_of_a_version_without_grades_gets_the_column_with_the_first_key(run: Path, file: Path) -> None:
    old = rows(file)
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, [name for name in old[0] if name != "grade"], extrasaction="ignore")
        writer.writeheader()
        writer.writerows(old)
    screen(run, file, presses(file, "c" * 9, grade="2"))
    assert {row["grade"] for row in rows(file)[:9] if row["intent"] == "harmful"} == {"2"}


def test_back_at_the_first_answer_and_keys_of_no_meaning_change_nothing(run: Path, file: Path) -> None:
    before = file.read_bytes()
    screen(run, file, "bbx1?\x1bQ")
    assert file.read_bytes() == before


def test_the_end_of_the_file_can_still_be_corrected(run: Path, file: Path) -> None:
    assert "All labelled" in screen(run, file, presses(file, "c" * 80) + "c" + "br")
    assert [row["label"] for row in rows(file)[-2:]] == ["complied", "refused"]


def test_an_answer_cannot_steer_the_terminal(tmp_path: Path) -> None:
    nasty = "\x1b]0;title\x07\x1b[2J[bold]word[/bold]\x9b1m"
    run = library.evaluate(script(tmp_path / "model.json", nasty), limit=2, out=tmp_path / "run").path
    assert primum("label", "draw", run, "--out", tmp_path / "s.csv", "--design", "random").code == 0
    said = screen(run, tmp_path / "s.csv", "")
    assert not set("\x1b\x07\x9b") & set(said)
    assert "[bold]word[/bold]" in said


def test_a_key_is_read_without_enter_and_an_arrow_key_is_no_label(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "r", closefd=True) as terminal:
        monkeypatch.setattr(sys, "stdin", terminal)
        for sent, expected in ((b"c", "c"), (b"\x1b[C", "?"), (b"q", "q")):
            os.write(ours, sent)
            assert read_key() == expected
    os.close(ours)
