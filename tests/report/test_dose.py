"""The page about doses shows every arm in every panel, and needs nothing else."""

import json
from collections.abc import Sequence
from dataclasses import replace

import pytest

from primum.report.dose import DoseMark, DosePanel, DoseSection, DoseView, multiples, render_dose
from tests.report.test_page import ATTACK, Parsed

ARMS = ("refusals only", "refusals + twins", "refusals + twins + ordinary")
DOSES = (50, 150, 450)


def mark(arm: str, n: int, value: float, seeds: Sequence[float] = ()) -> DoseMark:
    """A made-up number with an interval of ten to either side."""
    return DoseMark(
        arm=arm, n=n, value=value, low=value - 10, high=value + 10, text=f"{arm}, n = {n}", seeds=tuple(seeds)
    )


def panel(title: str, start: float, ends: Sequence[float], *, difference: bool = False) -> DosePanel:
    """Made-up curves that go from the base to these ends."""
    marks = [] if difference else [mark("", 0, start)]
    for arm, end in zip(ARMS, ends, strict=True):
        for step, n in enumerate(DOSES, start=1):
            value = start + (end - start) * step / len(DOSES)
            marks.append(mark(arm, n, value, () if difference else (value - 6, value, value + 6)))
    unit = "points" if difference else "%"
    return DosePanel(title=title, unit=unit, marks=tuple(marks), whole=not difference, difference=difference)


def view() -> DoseView:
    """A made-up study of one model, three arms and three doses."""
    return DoseView(
        title="Harm and denial by dose",
        about="Made up.",
        sections=(
            DoseSection(
                model="small",
                panels=(
                    panel("harm rate, pairs", 80, (10, 15, 20)),
                    panel("denial rate, pairs", 12, (88, 40, 30)),
                    panel("incoherence, pairs", 20, (15, 16, 14)),
                    panel("denial rate, ordinary", 12, (85, 50, 15)),
                    panel("incoherence, ordinary", 20, (14, 13, 15)),
                ),
                changes=(
                    panel("harm rate, pairs", 0, (-70, -65, -60), difference=True),
                    panel("denial rate, pairs", 0, (78, 30, 20), difference=True),
                ),
                findings=("refusals only, 450 demonstrations: less harm, much denial.",),
                head=("measure", "n"),
                rows=(("harm rate, pairs", "0"),),
            ),
        ),
        notes=("About other requests, not other seeds.",),
        facts={"command": "primum study dose.toml"},
    )


def test_every_panel_holds_every_arm_with_whiskers_its_seeds_and_the_base() -> None:
    section = view().sections[0]
    drawn = json.loads(multiples(section.panels).to_json())
    for number in range(len(section.panels)):
        axis = f"x{number + 1}" if number else "x"
        mine = [trace for trace in drawn["data"] if trace["xaxis"] == axis]
        points = {trace["name"]: trace for trace in mine if "error_y" in trace}
        assert set(points) == {"base", *ARMS}
        assert all(trace["error_y"]["array"] == pytest.approx([10] * len(trace["y"])) for trace in points.values())
        assert [len(points[arm]["y"]) for arm in ARMS] == [len(DOSES)] * len(ARMS)
        seeds = [trace for trace in mine if trace.get("marker", {}).get("symbol") == "diamond"]
        assert [len(trace["y"]) for trace in seeds] == [3 * len(DOSES)] * len(ARMS)
        lines = [trace for trace in mine if trace["mode"] == "lines"]
        assert [(trace["x"][0], trace["y"][0]) for trace in lines] == [(0, points["base"]["y"][0])] * len(ARMS)


def test_the_legend_names_each_arm_once_and_its_colour_is_the_same_in_every_panel() -> None:
    drawn = json.loads(multiples(view().sections[0].panels).to_json())
    named = [trace["name"] for trace in drawn["data"] if trace.get("showlegend")]
    assert sorted(named) == sorted(["base", *ARMS])
    for arm in ARMS:
        assert len({trace["marker"]["color"] for trace in drawn["data"] if trace.get("name") == arm}) == 1
    assert len({trace["marker"]["color"] for trace in drawn["data"] if trace.get("name") in named}) == 4


@pytest.mark.parametrize("arm", range(len(ARMS)))
def test_doses_stand_at_even_distances(arm: int) -> None:
    drawn = json.loads(multiples(view().sections[0].panels).to_json())
    places = next(trace["x"] for trace in drawn["data"] if trace.get("name") == ARMS[arm])
    assert [round(place) for place in places] == [1, 2, 3]
    assert drawn["layout"]["xaxis"]["ticktext"] == ["0", "50", "150", "450"]


def test_the_page_needs_nothing_else_and_escapes_what_the_study_says() -> None:
    section = replace(view().sections[0], model=ATTACK, findings=(ATTACK,), rows=((ATTACK, "0"),))
    page = Parsed(render_dose(replace(view(), title=ATTACK, sections=(section,)), version="1"))
    assert not any("src" in attributes or name == "link" for name, attributes in page.elements)
    assert not any(name == "img" for name, _ in page.elements)
    assert any("window.evil" in text for text in page.words)


def test_without_a_base_there_are_no_differences_and_the_curves_still_show() -> None:
    whole = view().sections[0]
    bare = [replace(item, marks=tuple(mark for mark in item.marks if mark.arm)) for item in whole.panels]
    page = render_dose(replace(view(), sections=(replace(whole, panels=tuple(bare), changes=()),)), version="1")
    assert "paired differences" not in page
    assert ARMS[2] in page
