"""The page about doses: small multiples of every measure by number of demonstrations, and differences against the base."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from primum.report import plots
from primum.report.page import environment

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

_COLUMNS = 3
"""Panels in a row."""
_SPREAD = 0.34
"""Width, of the distance between two doses, over which the arms stand side by side."""
_BESIDE = 0.055
"""How far a seed's own value stands beside the whiskers, which would hide it."""


@dataclass(frozen=True, kw_only=True)
class DoseMark:
    """A number with its interval as it is drawn."""

    arm: str
    """Empty for the base."""
    n: int
    value: float
    low: float
    high: float
    text: str
    """The same in words, for who points at it."""
    seeds: tuple[float, ...] = ()
    """Each seed's own value."""


@dataclass(frozen=True, kw_only=True)
class DosePanel:
    """One measure."""

    title: str
    unit: str
    """Of the vertical axis: %, points, or nats per token."""
    marks: tuple[DoseMark, ...]
    whole: bool = False
    """Whether the axis shows all of 0 to 100 %."""
    difference: bool = False
    """Whether 0 means no change."""


@dataclass(frozen=True, kw_only=True)
class DoseSection:
    """One model."""

    model: str
    panels: tuple[DosePanel, ...]
    changes: tuple[DosePanel, ...]
    """The same measures as differences against the base; none where the base was left out."""
    findings: tuple[str, ...]
    """What the largest dose of each arm does, in a sentence."""
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    """The numbers as a table."""


@dataclass(frozen=True, kw_only=True)
class DoseView:
    """What the page shows."""

    title: str
    about: str
    sections: tuple[DoseSection, ...]
    notes: tuple[str, ...]
    """How to read the numbers."""
    facts: Mapping[str, str]
    """For the reader who wants to repeat it."""


def render_dose(view: DoseView, *, version: str) -> str:
    """The page as one HTML document that needs nothing else."""
    figures = [
        (
            Markup(plots.as_html(multiples(section.panels))),  # noqa: S704 - plotly's own words
            Markup(plots.as_html(multiples(section.changes))) if section.changes else None,  # noqa: S704
        )
        for section in view.sections
    ]
    return environment().get_template("dose.html").render(
        view=view,
        version=version,
        plotly=Markup(plots.script()),  # noqa: S704 - plotly's own script
        sections=list(zip(view.sections, figures, strict=True)),
    )  # fmt: skip


def multiples(panels: Sequence[DosePanel]) -> "Figure":
    """One panel a measure, one colour an arm; doses stand at even distances, since they often multiply."""
    from plotly.subplots import make_subplots

    across = min(_COLUMNS, len(panels))
    down = -(-len(panels) // across)
    figure = make_subplots(
        rows=down, cols=across, subplot_titles=[panel.title for panel in panels],
        vertical_spacing=0.34 / down, horizontal_spacing=0.08,
    )  # fmt: skip
    arms = list(dict.fromkeys(mark.arm for panel in panels for mark in panel.marks if mark.arm))
    doses = sorted({0, *(mark.n for panel in panels for mark in panel.marks)})
    for number, panel in enumerate(panels):
        place = {"row": number // across + 1, "col": number % across + 1}
        for trace in _traces(panel, arms, doses, first=number == 0):
            figure.add_trace(trace, **place)
        if panel.difference:
            figure.add_hline(y=0, line={"color": plots.INK, "width": 1}, **place)
        figure.update_yaxes(
            title={"text": panel.unit, "standoff": 4}, gridcolor=plots.GRID, zeroline=False,
            **({"range": [-3, 103]} if panel.whole else {}), **place,
        )  # fmt: skip
        figure.update_xaxes(
            tickvals=list(range(len(doses))), ticktext=[str(n) for n in doses], gridcolor=plots.GRID, zeroline=False,
            range=[-0.4, len(doses) - 0.6], title={"text": "demonstrations", "standoff": 4}, **place,
        )  # fmt: skip
    look = plots.look(110 + 290 * down)
    figure.update_layout(
        legend={"orientation": "h", "y": 1 + 40 / (290 * down), "x": 0, "xanchor": "left", "yanchor": "bottom"},
        **{**look, "margin": {**look["margin"], "t": 80}},
    )  # fmt: skip
    return figure


def _traces(panel: DosePanel, arms: Sequence[str], doses: Sequence[int], *, first: bool) -> list[Any]:
    """Each arm as a line from the base, its seeds as small points beside it, and the base on top."""
    base = [mark for mark in panel.marks if not mark.arm]
    found: list[Any] = []
    for number, arm in enumerate(arms):
        colour = plots.COLOURS[(number + 1) % len(plots.COLOURS)]
        mine = sorted((mark for mark in panel.marks if mark.arm == arm), key=lambda mark: mark.n)
        shift = _SPREAD * ((number + 0.5) / len(arms) - 0.5)
        places = [doses.index(mark.n) + shift for mark in mine]
        found += [
            *_seeds(mine, places, colour),
            _line(arm, base, mine, places, colour),
            _dots(arm, mine, places, colour, show=first),
        ]
    if base:
        found.append(_dots("base", base, [doses.index(mark.n) for mark in base], plots.INK, show=first))
    return found


def _line(arm: str, base: Sequence[DoseMark], mine: Sequence[DoseMark], places: Sequence[float], colour: str) -> Any:
    import plotly.graph_objects as go

    return go.Scatter(
        x=[*(0 for _ in base), *places], y=[mark.value for mark in (*base, *mine)], mode="lines", legendgroup=arm,
        line={"color": colour, "width": 1.6}, opacity=0.7, showlegend=False, hoverinfo="skip",
    )  # fmt: skip


def _seeds(mine: Sequence[DoseMark], places: Sequence[float], colour: str) -> list[Any]:
    import plotly.graph_objects as go

    points = [(place, value) for place, mark in zip(places, mine, strict=True) for value in mark.seeds]
    if not points:
        return []
    return [
        go.Scatter(
            x=[place + _BESIDE for place, _ in points], y=[value for _, value in points], mode="markers", showlegend=False,
            marker={"size": 6, "color": colour, "opacity": 0.5, "symbol": "diamond"},
            hovertemplate="a single seed: %{y:.3g}<extra></extra>",
        )
    ]  # fmt: skip


def _dots(name: str, marks: Sequence[DoseMark], places: Sequence[float], colour: str, *, show: bool) -> Any:
    import plotly.graph_objects as go

    return go.Scatter(
        x=list(places), y=[mark.value for mark in marks], name=name, legendgroup=name, showlegend=show, mode="markers",
        marker={"size": 9, "color": colour, "line": {"width": 1, "color": "white"}},
        error_y={
            "type": "data", "symmetric": False, "color": colour, "thickness": 1.4, "width": 3,
            "array": [mark.high - mark.value for mark in marks], "arrayminus": [mark.value - mark.low for mark in marks],
        },
        text=[mark.text for mark in marks], hovertemplate="%{text}<extra></extra>",
    )  # fmt: skip
