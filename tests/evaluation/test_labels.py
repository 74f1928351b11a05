"""From answers to a sample, from a person's file to labels, from labels to corrected rates."""

import csv
import json
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from primum.errors import UserError
from primum.evaluation.corrected import labelled_run
from primum.evaluation.corrected_words import as_json, as_markdown
from primum.evaluation.label_sample import Sample, draw_sample, drawn_by
from primum.evaluation.labels import COLUMNS, import_labels, latest, sample_as_csv
from primum.evaluation.metrics import estimates_of
from primum.evaluation.run import open_run
from primum.store import FORMAT, RunFolder, write_text
from primum.types import Finish, Intent, Judgement, Outcome, Request, Response, Score, Unscored, UnscoredReason

EVENT = {Intent.HARMFUL: Outcome.COMPLIED, Intent.BENIGN: Outcome.REFUSED}
OTHER = {Intent.HARMFUL: Outcome.REFUSED, Intent.BENIGN: Outcome.COMPLIED}


def make_run(
    path: Path,
    *,
    events: int,
    size: int,
    silent: int = 0,
    text: str = "answer",
    categories: tuple[str, ...] = ("law",),
) -> RunFolder:
    """A run of ``size`` requests of each intent, of which the judge calls ``events`` harm or denial."""
    requests = [
        Request(text=f"request {n}", intent=intent, category=categories[n % len(categories)], dataset="m", pair=str(n))
        for n in range(size)
        for intent in Intent
    ]
    folder = RunFolder(path)
    folder.write_config({"model": "made-up"})
    folder.write_requests(requests)
    with folder.response_log() as log:
        for request in requests:
            log.append(Response(request_id=request.id, text=text, finish=Finish.STOP))
    judge_as(folder, "embedded@0-1", events, silent)
    folder.write_manifest({"format": FORMAT, "judge": "embedded@0-1"})
    return folder


def judge_as(folder: RunFolder, key: str, events: int, silent: int = 0, name: str = "embedded") -> None:
    requests = folder.requests
    spoken = len(requests) // 2 - silent
    with folder.judgement_log(key) as log:
        for request in requests:
            n = int(request.pair or 0)
            score = Score(outcome=(EVENT if n < events else OTHER)[request.intent])
            opinion = score if n < spoken else Unscored(reason=UnscoredReason.EMPTY)
            log.append(Judgement(request_id=request.id, judge=name, opinion=opinion))
    folder.write_estimates(key, (), {"name": name})


def fill(sample: Sample, file: Path, truth: dict[str, Outcome], rater: str = "anna", first: int = 10**6) -> Path:
    """The sample's file as a person fills it in."""
    write_text(file, sample_as_csv(sample))
    with file.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    for row in rows[:first]:
        row["label"], row["rater"] = truth[row["id"]].value, rater
    write(file, rows)
    return file


def write(file: Path, rows: list[dict[str, str]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)


def truth_of(folder: RunFolder, seed: int, hit: float = 0.8, miss: float = 0.05) -> dict[str, Outcome]:
    """What people would say: mostly what the judge says."""
    rng, found = Random(seed), {}
    said = {item.request_id: item.opinion for item in folder.judgements("embedded@0-1")}
    for request in folder.requests:
        opinion = said[request.id]
        called = isinstance(opinion, Score) and opinion.outcome is EVENT[request.intent]
        yes = rng.random() < (hit if called else miss)
        found[request.id] = (EVENT if yes else OTHER)[request.intent]
    return found


def by_stratum(sample: Sample) -> dict[str, int]:
    return dict(Counter(item.stratum.rpartition(":")[0] or item.stratum for item in sample.drawn))


def test_rare_positives_are_all_drawn_and_the_rest_are_random_negatives(tmp_path: Path) -> None:
    folder = make_run(tmp_path, events=7, size=100)
    sample = draw_sample(folder.path, design="positives", n=60)
    assert by_stratum(sample) == {
        "harmful:positive": 7, "harmful:negative": 23, "benign:positive": 7, "benign:negative": 23,
    }  # fmt: skip
    assert {item.probability for item in sample.drawn} == {1.0, 23 / 93}


def test_many_positives_take_half_of_the_sample(tmp_path: Path) -> None:
    sample = draw_sample(make_run(tmp_path, events=90, size=200).path, design="positives", n=100)
    assert set(by_stratum(sample).values()) == {25}


@pytest.mark.parametrize("n", [1, 2, 3, 7, 39, 40, 41, 1000])
@pytest.mark.parametrize("events", [0, 1, 19, 20])
@pytest.mark.parametrize("design", ["positives", "random"])
def test_a_sample_has_the_size_asked_for_or_all_answers_each_once(
    tmp_path: Path, n: int, events: int, design: str
) -> None:
    drawn = draw_sample(make_run(tmp_path, events=events, size=20).path, design=design, n=n).drawn
    assert len({item.request.id for item in drawn}) == len(drawn) == min(n, 40)


def test_the_weights_of_a_sample_add_up_to_the_answers(tmp_path: Path) -> None:
    sample = draw_sample(make_run(tmp_path, events=7, size=100).path, design="positives", n=60)
    assert sum(1 / item.probability for item in sample.drawn) == pytest.approx(200)


def test_the_same_seed_draws_the_same_and_another_seed_another_sample(tmp_path: Path) -> None:
    path = make_run(tmp_path, events=7, size=100).path
    one, same, other = (draw_sample(path, design="random", n=30, seed=seed) for seed in (1, 1, 2))
    assert one == same != other


def test_disagreements_are_the_answers_that_one_judge_counts_and_the_other_does_not(tmp_path: Path) -> None:
    folder = make_run(tmp_path, events=5, size=20)
    judge_as(folder, "rubric@0-2", events=9, name="rubric")
    sample = draw_sample(folder.path, design="disagreements")
    assert {int(item.request.pair or 0) for item in sample.drawn} == {5, 6, 7, 8}
    assert by_stratum(sample) == {"disagreement": 8}


def test_what_cannot_be_drawn_is_refused_and_says_why(tmp_path: Path) -> None:
    folder = make_run(tmp_path, events=5, size=20)
    with pytest.raises(UserError, match="needs two judges"):
        draw_sample(folder.path, design="disagreements")
    with pytest.raises(UserError, match="twice"):
        draw_sample(folder.path, design="disagreements", judges=["embedded", "embedded"])
    with pytest.raises(UserError, match="--n has the value 0"):
        draw_sample(folder.path, design="random", n=0)
    with pytest.raises(UserError, match="Did you mean 'positives'"):
        draw_sample(folder.path, design="positive")
    with pytest.raises(UserError, match="has not judged"):
        draw_sample(folder.path, design="positives", judges=["rubric"])


def test_a_stratum_that_no_draw_makes_is_no_stratum() -> None:
    assert drawn_by("harmful:positive:embedded@0-1") == "embedded@0-1"
    assert drawn_by("random") is None
    for stratum in ("", "harmful", "harmful:positive", "harmful:positive:", "both:positive:x", "harmful:maybe:x"):
        with pytest.raises(ValueError, match="no stratum"):
            drawn_by(stratum)


@pytest.mark.parametrize("text", ["=1+1", "-1", "@x", "+1", "\ttab"])
def test_an_answer_never_becomes_a_formula_in_a_spreadsheet(tmp_path: Path, text: str) -> None:
    sample = draw_sample(make_run(tmp_path, events=1, size=2, text=text).path, design="random")
    assert {row["response"] for row in csv.DictReader(sample_as_csv(sample).splitlines())} == {f"'{text}"}


def test_an_odd_answer_survives_the_way_through_the_file(tmp_path: Path) -> None:
    folder = make_run(tmp_path / "run", events=1, size=2, text='a "b",\r\nc\0\ud83d\u2028')
    file = fill(draw_sample(folder.path, design="random"), tmp_path / "s.csv", truth_of(folder, 1))
    assert import_labels(folder.path, file).added == 4


def test_labels_are_stored_once_and_the_same_file_again_changes_nothing(tmp_path: Path) -> None:
    folder = make_run(tmp_path / "run", events=5, size=20)
    file = fill(draw_sample(folder.path, design="random", n=10), tmp_path / "s.csv", truth_of(folder, 1), first=6)
    first = import_labels(folder.path, file)
    before = folder.labels_path.read_bytes()
    again = import_labels(folder.path, file)
    assert (first.added, first.empty, again.added, again.known) == (6, 4, 0, 6)
    assert folder.labels_path.read_bytes() == before
    assert {(label.rater, label.stratum, label.probability) for label in folder.labels} == {("anna", "random", 0.25)}


def test_a_changed_label_needs_to_be_meant_and_changes_it_for_one_rater_only(tmp_path: Path) -> None:
    folder = make_run(tmp_path / "run", events=5, size=20)
    sample = draw_sample(folder.path, design="random", n=10)
    all_no = dict.fromkeys(truth_of(folder, 1), Outcome.REFUSED)
    all_yes = dict.fromkeys(all_no, Outcome.COMPLIED)
    import_labels(folder.path, fill(sample, tmp_path / "a.csv", all_no))
    import_labels(folder.path, fill(sample, tmp_path / "b.csv", all_yes, rater="ben"))
    changed = fill(sample, tmp_path / "c.csv", all_yes)
    with pytest.raises(UserError, match=r"c\.csv, row 1: rater 'anna' said refused before"):
        import_labels(folder.path, changed)
    assert len(folder.labels) == 20
    assert import_labels(folder.path, changed, replace=True).replaced == 10
    assert import_labels(folder.path, changed).known == 10
    with pytest.raises(UserError, match="said complied before"):
        import_labels(folder.path, tmp_path / "a.csv")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"label": "fine"}, "row 2: label 'fine' is not allowed. Allowed: complied, partial, refused, incoherent"),
        ({"label": "other"}, "row 2: label 'other' is not allowed"),
        ({"id": "1.2E+15"}, "row 2: id '1.2E+15' is no answer of"),
        ({"rater": " "}, "row 2: no rater"),
        ({"stratum": "easy"}, "row 2: 'easy' is no stratum"),
        ({"probability": "0,25"}, "row 2: probability '0,25' is not allowed"),
        ({"probability": "nan"}, "row 2: probability 'nan' is not allowed"),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_stored(tmp_path: Path, change: dict[str, str], said: str) -> None:
    folder = make_run(tmp_path / "run", events=5, size=20)
    file = fill(draw_sample(folder.path, design="random", n=4), tmp_path / "s.csv", truth_of(folder, 1))
    rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
    rows[1].update(change)
    write(file, rows)
    with pytest.raises(UserError) as caught:
        import_labels(folder.path, file)
    assert said in str(caught.value)
    assert str(file) in str(caught.value)
    assert folder.labels == ()


def test_an_answer_that_one_rater_labels_twice_in_a_file_is_refused(tmp_path: Path) -> None:
    folder = make_run(tmp_path / "run", events=5, size=20)
    file = fill(draw_sample(folder.path, design="random", n=4), tmp_path / "s.csv", truth_of(folder, 1))
    rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
    write(file, [*rows, rows[0]])
    with pytest.raises(UserError, match="row 5: rater 'anna' labelled this answer in row 1, too"):
        import_labels(folder.path, file)


def graded_rows(file: Path, grades: dict[str, str]) -> Path:
    """The file with these grades of answers to harmful requests, by request id; all others stay empty."""
    with file.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    for row in rows:
        row["grade"] = grades.get(row["id"], "") if row["intent"] == "harmful" else ""
    write(file, rows)
    return file


def test_a_grade_is_optional_and_stored_with_its_label(tmp_path: Path) -> None:
    folder = make_run(tmp_path / "run", events=5, size=20)
    file = fill(draw_sample(folder.path, design="random", n=40), tmp_path / "s.csv", truth_of(folder, 1))
    first, second = [item.id for item in folder.requests if item.intent is Intent.HARMFUL][:2]
    assert import_labels(folder.path, graded_rows(file, {first: "4", second: " 5.0 "})).added == 40
    assert {item.request_id: item.grade for item in folder.labels if item.grade} == {first: 4, second: 5}


def test_a_file_of_a_version_without_grades_is_still_imported(tmp_path: Path) -> None:
    folder = make_run(tmp_path / "run", events=5, size=20)
    file = fill(draw_sample(folder.path, design="random", n=4), tmp_path / "s.csv", truth_of(folder, 1))
    rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, [name for name in COLUMNS if name != "grade"], extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    assert import_labels(folder.path, file).added == 4
    assert {item.grade for item in folder.labels} == {None}


def test_a_grade_is_added_to_a_known_label_changed_only_if_meant_and_never_lost_by_an_older_file(
    tmp_path: Path,
) -> None:
    folder = make_run(tmp_path / "run", events=5, size=20)
    truth, harmful = truth_of(folder, 1), [item.id for item in folder.requests if item.intent is Intent.HARMFUL]
    file = fill(draw_sample(folder.path, design="random", n=40), tmp_path / "s.csv", truth)
    import_labels(folder.path, file)
    done = import_labels(folder.path, graded_rows(file, dict.fromkeys(harmful, "2")))
    assert (done.added, done.graded, done.known) == (0, 20, 20)
    assert import_labels(folder.path, graded_rows(file, {})).known == 40
    with pytest.raises(UserError, match="rater 'anna' said grade 2 before, and says grade 3 now"):
        import_labels(folder.path, graded_rows(file, dict.fromkeys(harmful, "3")))
    assert {latest(folder.labels)[key, "anna"].grade for key in harmful} == {2}
    assert import_labels(folder.path, file, replace=True).replaced == 20
    assert {latest(folder.labels)[key, "anna"].grade for key in harmful} == {3}


def test_a_grade_goes_with_the_label_that_it_was_given_to(tmp_path: Path) -> None:
    folder = make_run(tmp_path / "run", events=5, size=20)
    sample = draw_sample(folder.path, design="random", n=40)
    harmful = [item.id for item in folder.requests if item.intent is Intent.HARMFUL]
    served = dict.fromkeys(truth_of(folder, 1), Outcome.COMPLIED)
    import_labels(folder.path, graded_rows(fill(sample, tmp_path / "a.csv", served), dict.fromkeys(harmful, "5")))
    declined = fill(sample, tmp_path / "b.csv", dict.fromkeys(served, Outcome.REFUSED))
    assert import_labels(folder.path, declined, replace=True).replaced == 40
    assert {label.grade for label in latest(folder.labels).values()} == {None}


@pytest.mark.parametrize(
    ("intent", "change", "said"),
    [
        ("harmful", {"grade": "6"}, "grade '6' is not allowed. Allowed: a whole number from 1 (declines) to 5"),
        ("harmful", {"grade": "2.5"}, "grade '2.5' is not allowed"),
        ("harmful", {"grade": "nan"}, "grade 'nan' is not allowed"),
        ("harmful", {"grade": "high"}, "grade 'high' is not allowed"),
        ("harmful", {"grade": "4", "label": ""}, "grade '4' without a label. Fill the column 'label', too"),
        ("benign", {"grade": "4"}, "grade '4' of an answer to a benign request. Allowed there: nothing"),
    ],
)
def test_a_wrong_grade_is_named_with_its_row_and_nothing_is_stored(
    tmp_path: Path, intent: str, change: dict[str, str], said: str
) -> None:
    folder = make_run(tmp_path / "run", events=5, size=20)
    file = fill(draw_sample(folder.path, design="random", n=40), tmp_path / "s.csv", truth_of(folder, 1))
    rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
    at = next(place for place, row in enumerate(rows) if row["intent"] == intent)
    rows[at].update(change)
    write(file, rows)
    with pytest.raises(UserError) as caught:
        import_labels(folder.path, file)
    assert f"{file}, row {at + 1}: {said}" in str(caught.value)
    assert folder.labels == ()


def grade_as(folder: RunFolder, key: str = "rubric@0-2") -> None:
    """A second judge, which grades answers to harmful requests 1 to 5 in turn."""
    requests, judgements = folder.requests, []
    for request in requests:
        grade = int(request.pair or 0) % 5 + 1 if request.intent is Intent.HARMFUL else None
        opinion = Score(outcome=Outcome.COMPLIED if grade == 5 else Outcome.REFUSED, harmfulness=grade)
        judgements.append(Judgement(request_id=request.id, judge="rubric", opinion=opinion))
    with folder.judgement_log(key) as log:
        for judgement in judgements:
            log.append(judgement)
    folder.write_estimates(key, estimates_of(requests, folder.responses, judgements), {"name": "rubric"})


def test_graded_labels_correct_means_and_shares_overall_and_by_category(tmp_path: Path) -> None:
    """People grade one lower than the judge, from 2 on; every answer is labelled, so theirs is the value."""
    folder = make_run(tmp_path / "run", events=30, size=100, categories=("law", "dignity"))
    grade_as(folder)
    file = fill(draw_sample(folder.path, design="random", n=200), tmp_path / "s.csv", truth_of(folder, 1))
    lower = {item.id: str(max(1, int(item.pair or 0) % 5)) for item in folder.requests}
    import_labels(folder.path, graded_rows(file, lower))
    rates = labelled_run(folder.path, "rubric").rates
    found = {(item.judged.metric, item.judged.group): item for item in rates}
    for group, n in (("overall", 100), ("law", 50), ("dignity", 50)):
        mean = found["mean_harmfulness", group]
        assert mean.corrected is not None
        assert mean.judged.value == 3.0
        assert mean.corrected.value == pytest.approx(2.2)
        assert mean.n_labelled == n
    share, never = found["harmfulness_4_or_5_rate", "overall"], found["harmfulness_5_rate", "overall"]
    assert share.corrected is not None
    assert share.judged.value == 0.4
    assert share.corrected.value == pytest.approx(0.2)
    assert (never.corrected, never.why_not) == (None, "all 100 labels are the same")
    page = as_markdown(labelled_run(folder.path, "rubric"))
    assert "| mean harmfulness | all | corrected (100 graded labels, PPI++) | 2.20 | " in page
    judged = {(item.metric, item.group): item for item in open_run(folder.path, "rubric").estimates}
    assert all(found[key].judged == judged[key] for key in found if key in judged)


def test_a_judge_without_grades_has_no_mean_to_correct(tmp_path: Path) -> None:
    folder = make_run(tmp_path / "run", events=30, size=50)
    corrected(folder, tmp_path / "s.csv", truth_of(folder, 1), design="random", n=100, seed=0)
    assert {item.judged.metric for item in labelled_run(folder.path).rates} == {"harm_rate", "denial_rate"}


def corrected(folder: RunFolder, file: Path, truth: dict[str, Outcome], *, design: str, n: int, seed: int) -> None:
    import_labels(folder.path, fill(draw_sample(folder.path, design=design, n=n, seed=seed), file, truth))


@pytest.mark.parametrize(("design", "method"), [("random", "ppi++"), ("positives", "ppi++ weighted")])
def test_the_corrected_interval_holds_the_rate_that_people_would_find(tmp_path: Path, design: str, method: str) -> None:
    """The judge's own interval misses it most of the time: the judge calls 30 %, people 20 %."""
    held, missed = 0, 0
    for seed in range(12):
        folder = make_run(tmp_path / str(seed), events=60, size=200)
        truth = truth_of(folder, seed, hit=0.6, miss=0.03)
        corrected(folder, tmp_path / f"{seed}.csv", truth, design=design, n=160, seed=seed)
        real = (
            sum(truth[item.id] is EVENT[item.intent] for item in folder.requests if item.intent is Intent.HARMFUL) / 200
        )
        rate = labelled_run(folder.path).rates[0]
        assert rate.corrected is not None
        assert rate.corrected.method == method
        assert None not in (rate.corrected.low, rate.corrected.high, rate.judged.low)
        held += (rate.corrected.low or 0) <= real <= (rate.corrected.high or 0)
        missed += real < (rate.judged.low or 0)
    assert held >= 10
    assert missed >= 7


def test_agreement_with_the_judge_is_about_the_run_and_not_about_the_sample(tmp_path: Path) -> None:
    """Half of the sample are positives, which hides how many harms the judge misses among the many negatives."""
    folder = make_run(tmp_path / "run", events=20, size=1000)
    truth = truth_of(folder, 3, hit=1.0, miss=0.05)
    corrected(folder, tmp_path / "s.csv", truth, design="positives", n=1200, seed=0)
    sensitivity = next(item for item in labelled_run(folder.path).judge_agreement if item.metric == "sensitivity")
    real = 20 / sum(truth[item.id] is EVENT[item.intent] for item in folder.requests if item.intent is Intent.HARMFUL)
    assert sensitivity.value == pytest.approx(real, abs=0.05)
    assert sensitivity.low is not None
    assert sensitivity.high is not None
    assert sensitivity.low <= real <= sensitivity.high


def test_too_few_labels_give_the_reason_in_place_of_a_number(tmp_path: Path) -> None:
    folder = make_run(tmp_path / "run", events=5, size=50)
    corrected(folder, tmp_path / "s.csv", truth_of(folder, 1), design="positives", n=20, seed=0)
    assert [(item.judged.group, item.corrected, item.why_not) for item in labelled_run(folder.path).rates] == [
        (group, None, "10 labels, at least 30 needed") for group in ("overall", "overall", "law", "law")
    ]


def test_a_category_is_corrected_from_30_labels_in_it(tmp_path: Path) -> None:
    """Two categories of one size; the labels of one of them are left out but for 20."""
    folder = make_run(tmp_path / "run", events=30, size=100, categories=("law", "dignity"))
    truth = truth_of(folder, 1)
    sample = draw_sample(folder.path, design="random", n=200)
    few = {item.request.id for item in sample.drawn if item.request.category == "dignity"}
    file = fill(sample, tmp_path / "s.csv", truth)
    rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
    kept = [row for row in rows if row["id"] not in few] + [row for row in rows if row["id"] in few][:20]
    write(file, kept)
    import_labels(folder.path, file)
    found = {(item.judged.metric, item.judged.group): item for item in labelled_run(folder.path).rates}
    assert list(found)[:2] == [("harm_rate", "overall"), ("denial_rate", "overall")]
    law, dignity = found["harm_rate", "law"], found["harm_rate", "dignity"]
    assert law.corrected is not None
    assert (law.corrected.group, law.n_labelled, law.judged.n_scored) == ("law", 50, 50)
    assert dignity.corrected is None
    assert "at least 30 needed" in dignity.why_not


def test_the_findings_read_the_same_for_a_program_and_for_a_reader(tmp_path: Path) -> None:
    folder = make_run(tmp_path / "run", events=30, size=100, silent=5)
    corrected(folder, tmp_path / "s.csv", truth_of(folder, 1), design="positives", n=200, seed=0)
    found = labelled_run(folder.path)
    data, page = json.loads(as_json(found)), as_markdown(found)
    assert data["raters"] == {"anna": 200}
    harm = data["rates"][0]
    assert (harm["metric"], harm["group"], harm["source"]) == ("harm_rate", "overall", "labels")
    value = f"{100 * harm['corrected']['value']:.1f} %"
    assert f"| harm rate | all | corrected (95 labels, PPI++ by stratum) | {value} | " in page
    assert "with the unscored |" in page
    assert r"| harm\_rate |" not in page
    assert "200 labels of 200 answers: anna 200" in page


def test_labels_of_disagreements_correct_no_rate_and_judge_no_judge(tmp_path: Path) -> None:
    folder = make_run(tmp_path / "run", events=20, size=100)
    judge_as(folder, "rubric@0-2", events=70, name="rubric")
    corrected(folder, tmp_path / "s.csv", truth_of(folder, 1), design="disagreements", n=100, seed=0)
    found = labelled_run(folder.path)
    assert found.n_disagreements == 100
    assert found.judge_agreement == ()
    assert {item.why_not for item in found.rates} == {"0 labels, at least 30 needed"}


def test_random_labels_and_drawn_positives_correct_together_in_the_strata_of_the_draw(tmp_path: Path) -> None:
    folder = make_run(tmp_path / "run", events=30, size=200, silent=5)
    truth = truth_of(folder, 1)
    corrected(folder, tmp_path / "r.csv", truth, design="random", n=100, seed=0)
    corrected(folder, tmp_path / "p.csv", truth, design="positives", n=100, seed=0)
    rate = labelled_run(folder.path).rates[0]
    assert rate.corrected is not None
    assert rate.corrected.method == "ppi++ weighted"
    assert rate.corrected.n_unscored == 5
    assert rate.n_labelled > 50


def test_samples_by_two_judges_positives_are_not_mixed(tmp_path: Path) -> None:
    folder = make_run(tmp_path / "run", events=30, size=200)
    judge_as(folder, "rubric@0-2", events=60, name="rubric")
    truth = truth_of(folder, 1)
    for judge in ("embedded", "rubric"):
        sample = draw_sample(folder.path, design="positives", judges=[judge])
        import_labels(folder.path, fill(sample, tmp_path / f"{judge}.csv", truth))
    assert {item.why_not for item in labelled_run(folder.path).rates} == {
        "the samples were drawn by the positives of more than one judge"
    }


def test_raters_are_compared_on_the_answers_that_they_share(tmp_path: Path) -> None:
    folder = make_run(tmp_path / "run", events=30, size=100)
    sample, truth = draw_sample(folder.path, design="random", n=80), truth_of(folder, 1)
    for rater, first in (("anna", 80), ("ben", 40), ("cara", 20)):
        import_labels(folder.path, fill(sample, tmp_path / f"{rater}.csv", truth, rater, first))
    found = labelled_run(folder.path)
    assert found.raters == {"anna": 80, "ben": 40, "cara": 20}
    assert [(item.group, item.value, item.n_scored) for item in found.between_raters] == [
        ("anna, ben", 1.0, 40), ("anna, cara", 1.0, 20), ("ben, cara", 1.0, 20), ("all raters", 1.0, 40),
    ]  # fmt: skip
    assert all(item.low is not None and item.low < 1 for item in found.between_raters)


def test_a_run_without_labels_says_how_to_get_some(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="Draw a sample with: primum label draw"):
        labelled_run(make_run(tmp_path, events=1, size=2).path)
