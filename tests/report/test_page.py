"""The page as a browser would read it: parsed, not searched for strings, wherever that makes a difference."""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from typing import Any

import pytest

from primum.report import CorrectedRate, RunView, Sample, render_page
from primum.stats import mean_estimate, rate_estimate
from primum.types import Estimate

ATTACK = "</script><script>window.evil=1</script><img src=http://evil.example/x onerror=evil()>{{7*7}}<!--"
VOID = {"meta", "link", "img", "input", "br", "hr"}


class Parsed(HTMLParser):
    """Elements, visible text, and the content of each script."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.styles: list[str] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "script":
            self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes another element"

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "script":
            self.scripts[-1] += data
        elif self.open and self.open[-1] == "style":
            self.styles.append(data)
        else:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    @property
    def samples(self) -> list[dict[str, Any]]:
        place = [attrs.get("id") for tag, attrs in self.elements if tag == "script"].index("data")
        found: list[dict[str, Any]] = json.loads(self.scripts[place])
        return found


def sample(text: str = "answer 1", **fields: str) -> Sample:
    given = {
        "id": "1", "category": "dignity", "intent": "harmful", "pair": "p", "request": "request 1", "response": text,
        "finish": "stop", "verdict": "refused", "detail": "confidence 0.90", "raw": "",
    }  # fmt: skip
    return Sample(**{**given, **fields})


def estimates(harm: int = 3, *, unscored: int = 0, twins: bool = True, group: str = "overall") -> list[Estimate]:
    found = [
        rate_estimate("harm_rate", group, events=harm, n_scored=10, n_unscored=unscored),
        rate_estimate("incoherence_rate", group, events=0, n_scored=20, n_unscored=unscored),
        rate_estimate("blocked_rate", group, events=0, n_scored=20),
    ]
    return [*found, rate_estimate("denial_rate", group, events=2, n_scored=10)] if twins else found


def view(label: str = "model 1", found: Sequence[Estimate] | None = None, **fields: Any) -> RunView:
    numbers = [*estimates(), *estimates(group="dignity")] if found is None else found
    given: dict[str, Any] = {
        "label": label, "model": label, "dataset": "pairs", "path": "runs/1", "created": "2026-01-01", "complete": True,
        "judge": {"title": "Judge 1", "model": None, "fingerprint": "f" * 64, "card": "card.md", "measured": [],
                  "warnings": []},
        "settings": {"seed": "0"}, "command": "primum eval model-1", "groups": {"dignity": "1. Principle 1"},
        "estimates": tuple(numbers), "samples": (sample(),),
    }  # fmt: skip
    return RunView(**{**given, **fields})


def parse(*runs: RunView) -> Parsed:
    return Parsed(render_page(runs, version="1.2.3"))


@cache
def plain_page() -> Parsed:
    return parse(view())


@cache
def two_runs() -> Parsed:
    return parse(view("model 1"), view("model 2", [*estimates(7), *estimates(7, group="dignity")]))


@cache
def attacked() -> Parsed:
    """A page in which every text that comes from a model, a file or a person tries to be code."""
    judge = {
        "title": ATTACK, "model": ATTACK, "fingerprint": "f" * 64, "card": ATTACK, "warnings": [ATTACK],
        "measured": [{"labels": ATTACK, "quantity": ATTACK, "n": 1, "sensitivity": 1.0, "specificity": 1.0, "kappa": 1.0,
                      "kappa_low": 0.5, "kappa_high": 1.0}],
    }  # fmt: skip
    said = sample(ATTACK, request=ATTACK, raw=ATTACK, detail=ATTACK, category=ATTACK, finish=ATTACK, verdict=ATTACK)
    run = view(
        ATTACK, judge=judge, settings={ATTACK: ATTACK}, command=ATTACK, groups={"dignity": ATTACK}, samples=(said,),
        path=ATTACK, dataset=ATTACK,
    )  # fmt: skip
    return parse(run, view("model 2"))


def test_the_page_is_whole_and_every_element_is_closed() -> None:
    for page in (plain_page(), two_runs(), attacked()):
        assert page.open == []


def test_the_page_needs_nothing_from_elsewhere() -> None:
    for page in (plain_page(), attacked()):
        for tag, attrs in page.elements:
            assert not {"src", "href", "srcset", "action", "data", "poster", "background"} & set(attrs), (tag, attrs)
            assert tag not in {"link", "iframe", "object", "embed", "base", "img"}
        assert not re.search(r"url\(|@import", "".join(page.styles))


def test_no_text_becomes_code() -> None:
    """The same elements, with the same attributes, as a page of harmless texts; only texts differ."""
    harmless = parse(
        view("model 0", judge={**view().judge, "model": "m", "warnings": ["w"], "measured": [
            {"labels": "l", "quantity": "q", "n": 1, "sensitivity": 1.0, "specificity": 1.0, "kappa": 1.0,
             "kappa_low": 0.5, "kappa_high": 1.0}]}),
        view("model 2"),
    )  # fmt: skip
    assert [tag for tag, _ in attacked().elements] == [tag for tag, _ in harmless.elements]
    assert [sorted(attrs) for _, attrs in attacked().elements] == [sorted(attrs) for _, attrs in harmless.elements]
    assert not any("window.evil" in script and "</script" in script.lower() for script in attacked().scripts)


def test_an_attacking_text_is_shown_as_the_text_that_it_is() -> None:
    assert attacked().text.count(ATTACK) >= 8
    assert attacked().samples[0] == {
        "run": ATTACK, "id": "1", "category": ATTACK, "intent": "harmful", "pair": "p", "request": ATTACK,
        "response": ATTACK, "finish": ATTACK, "verdict": ATTACK, "detail": ATTACK, "raw": ATTACK,
    }  # fmt: skip


@pytest.mark.parametrize(
    "text", ["\u2028\u2029\x00\x1b[31m", "emoji \U0001f600 é 漢字", "line 1\r\nline 2\ttab", '"\\"']
)
def test_samples_arrive_unchanged(text: str) -> None:
    assert parse(view(samples=(sample(text),))).samples[0]["response"] == text


def test_one_run_is_told_with_its_numbers_intervals_and_counts() -> None:
    text = plain_page().text
    assert "By this judge, model 1 complied with 30.0 % (10.8 to 60.3 %; 3 of 10) of the harmful requests" in text
    assert "denied 20.0 % (5.7 to 51.0 %; 2 of 10) of their legitimate twins" in text
    assert "primum eval model-1" in text
    assert "Made by Primum 1.2.3" in text
    assert "not complete" not in text


def test_a_run_that_was_cut_off_says_so() -> None:
    assert "This run is not complete" in parse(view(complete=False)).text


def test_several_runs_stand_side_by_side_each_with_its_own_numbers() -> None:
    text = two_runs().text
    assert "2 runs side by side" in text
    assert "model 1 complied with 30.0 %" in text
    assert "model 2 complied with 70.0 %" in text
    assert {item["run"] for item in two_runs().samples} == {"model 1", "model 2"}


def test_each_run_has_the_figure_of_its_own_principles() -> None:
    figures = [
        script for script in two_runs().scripts if "Plotly.newPlot(" in script and "benign requests" not in script
    ]
    assert ["3 of 10" in script for script in figures] == [True, False]
    assert ["7 of 10" in script for script in figures] == [False, True]


def test_data_without_twins_has_no_denial_and_says_what_that_means() -> None:
    text = parse(view(found=[*estimates(twins=False), *estimates(twins=False, group="dignity")])).text
    assert "denial was not measured" in text
    assert "refusing everything gives one, too" in text
    assert "benign requests refused" not in text


def test_what_was_not_scored_is_counted_and_bounded() -> None:
    text = parse(view(found=estimates(unscored=10))).text
    assert "3 of 10, 10 unscored" in text
    assert "15.0 to 65.0 % with the unscored" in text
    assert "with the unscored" not in plain_page().text


def test_a_run_in_which_nothing_was_scored_shows_dashes_and_not_zero() -> None:
    nothing = [
        rate_estimate("harm_rate", "overall", events=0, n_scored=0, n_unscored=10),
        rate_estimate("denial_rate", "overall", events=0, n_scored=0, n_unscored=10),
    ]
    text = parse(view(found=nothing)).text
    assert "complied with – (–; 0 of 0, 10 unscored)" in text
    assert "0.0 to 100.0 % with the unscored" in text


def test_a_mean_is_shown_in_its_own_unit() -> None:
    mean = mean_estimate("mean_harmfulness", "overall", [1, 5], lowest=1, highest=5)
    assert "3.00" in parse(view(found=[*estimates(), mean])).text


def test_blocked_answers_are_shown_where_there_were_any() -> None:
    blocked = rate_estimate("blocked_rate", "overall", events=4, n_scored=20)
    assert "blocked by the provider" not in plain_page().text.lower()
    text = parse(view(found=[blocked, *estimates()])).text
    assert "4 of 20. Requests or answers stopped by the provider or a guard." in text


def test_the_judge_stands_with_its_measured_error_and_warnings() -> None:
    row = {
        "labels": "labels 1", "quantity": "complied or not", "n": 77, "sensitivity": 0.91, "specificity": 0.82,
        "kappa": 0.73, "kappa_low": 0.64, "kappa_high": 0.81,
    }  # fmt: skip
    judge = {**view().judge, "measured": [row], "warnings": ["warning 1"]}
    text = parse(view(judge=judge)).text
    assert "labels 1 complied or not 77 0.91 0.82 0.73 (0.64 to 0.81)" in text
    assert "warning 1" in text


def test_a_run_that_no_judge_has_seen_yet_can_be_shown() -> None:
    """What is left of a run that was killed while the model was being asked."""
    text = parse(view(found=[], judge={}, samples=(), complete=False)).text
    assert "model 1 has no judged answers yet" in text
    assert "This run is not complete" in text


def corrected_view() -> RunView:
    """Harm corrected by labels and refused by the record; of the categories only one is corrected."""
    harm, here = estimates(unscored=5)[0], estimates(group="dignity")[0]

    def mended(judged: Estimate) -> Estimate:
        return replace(judged, value=0.5, low=0.4, high=0.6, method="ppi++", events=None, worst_low=0.3, worst_high=0.7)

    return view(
        found=[*estimates(unscored=5), *estimates(group="dignity")],
        corrections=(
            CorrectedRate(judged=harm, corrected=mended(harm), source="labels", by="60 labels, PPI++", n_labelled=60),
            CorrectedRate(
                judged=harm,
                corrected=None,
                source="record",
                by="-",
                n_labelled=9,
                why_not="9 labels, at least 30 needed",
            ),
            CorrectedRate(judged=here, corrected=mended(here), source="labels", by="31 labels, PPI++", n_labelled=31),
        ),
        trust="In short 1.",
        validation=("judge 1: line 1", "Note: line 2"),
    )


def test_a_corrected_rate_stands_beside_the_judges_and_says_what_it_is() -> None:
    text = parse(corrected_view()).text
    assert "50.0 % (40.0 to 60.0 %) corrected by 60 labels, PPI++; 30.0 to 70.0 % with the unscored" in text
    assert "not corrected by record: 9 labels, at least 30 needed" in text
    assert "50.0 % (40.0 to 60.0 %) corrected by 31 labels, PPI++" in text
    assert "A category is corrected where it has 30 labels or more" in text
    assert "corrected by" not in plain_page().text


def test_what_labels_say_of_the_judge_stands_beside_its_numbers() -> None:
    text = parse(corrected_view()).text
    assert "In short 1." in text
    assert "judge 1: line 1 Note: line 2" in text


def test_no_text_of_a_record_becomes_code() -> None:
    calm = corrected_view()
    wild = replace(
        calm, trust=ATTACK, validation=(ATTACK, ATTACK),
        corrections=tuple(replace(item, by=ATTACK, why_not=ATTACK) for item in calm.corrections),
    )  # fmt: skip
    assert [tag for tag, _ in parse(wild).elements] == [tag for tag, _ in parse(calm).elements]
    assert parse(wild).text.count(ATTACK) >= 5
