"""The page about an improvement: the verdicts, the plane before and after, and every difference with its interval."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from primum.report import plots
from primum.report.page import environment
from primum.report.view import RunView

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


@dataclass(frozen=True, kw_only=True)
class ChangeRow:
    """One number before and after, in words and as a point with its interval."""

    subject: str
    title: str
    """What was measured, and on what."""
    before: str
    after: str
    change: str
    """The difference with its interval."""
    finding: str
    """better, kept, worse or open."""
    point: tuple[float, float, float]
    """Change for the worse with its interval, in points or per cent: below zero is good whatever was measured."""
    margin: float
    """The change for the worse that would not matter, in the same unit."""


@dataclass(frozen=True, kw_only=True)
class ImprovementView:
    """What the page shows."""

    model: str
    verdicts: Mapping[str, str]
    """Sentence by subject."""
    runs: tuple[RunView, ...]
    """One run of each subject on the instrument that measures harm and denial on twins, the base first."""
    twins: str
    """Name of that instrument; empty where there is none."""
    rows: tuple[ChangeRow, ...]
    costs: Mapping[str, str]
    margins: str
    trust: str
    """What is known about the judge, in one sentence."""
    facts: Mapping[str, str]
    """For the reader who wants to repeat it."""
    folders: Mapping[str, str]
    """Every run's folder by its title."""


def render_improvement(view: ImprovementView, *, version: str) -> str:
    """The page as one HTML document that needs nothing else."""
    return environment().get_template("improvement.html").render(
        view=view,
        version=version,
        plotly=Markup(plots.script()),  # noqa: S704 - plotly's own script
        plane=Markup(plots.as_html(plots.plane(view.runs))) if view.twins else None,  # noqa: S704
        forest=Markup(plots.as_html(forest(view.rows))),  # noqa: S704
    )  # fmt: skip


def forest(rows: Sequence[ChangeRow]) -> "Figure":
    """Every change with its interval, one line for each measure, one colour for each subject; left is better."""
    import plotly.graph_objects as go

    figure = go.Figure()
    titles = list(reversed(list(dict.fromkeys(row.title for row in rows))))
    subjects = list(dict.fromkeys(row.subject for row in rows))
    for number, subject in enumerate(subjects):
        mine = [row for row in rows if row.subject == subject]
        shift = 0.6 * ((number + 0.5) / len(subjects) - 0.5)
        colour = plots.COLOURS[(number + 1) % len(plots.COLOURS)]
        figure.add_trace(
            go.Scatter(
                x=[row.point[0] for row in mine], y=[titles.index(row.title) - shift for row in mine],
                name=subject, mode="markers", marker={"size": 9, "color": colour},
                error_x={
                    "type": "data", "symmetric": False, "color": colour, "thickness": 1.4,
                    "array": [row.point[2] - row.point[0] for row in mine],
                    "arrayminus": [row.point[0] - row.point[1] for row in mine],
                },
                text=[f"{subject}, {row.title}: {row.before} → {row.after}; {row.change}; {row.finding}" for row in mine],
                hovertemplate="%{text}<extra></extra>",
            )
        )  # fmt: skip
    for place, title in enumerate(titles):
        margin = next(row.margin for row in rows if row.title == title)
        if margin:
            figure.add_shape(
                type="line", x0=margin, x1=margin, y0=place - 0.45, y1=place + 0.45,
                line={"color": "#8a8f9c", "dash": "dot", "width": 1.5},
            )  # fmt: skip
    figure.add_vline(x=0, line={"color": plots.INK, "width": 1})
    figure.update_layout(
        xaxis={"title": "change for the worse: points, for the likelihood per cent (left of zero is better)",
               "gridcolor": plots.GRID, "zeroline": False},
        yaxis={"tickvals": list(range(len(titles))), "ticktext": titles, "gridcolor": plots.GRID, "automargin": True,
               "range": [-0.6, len(titles) - 0.4]},
        legend={"orientation": "h", "y": 1.06, "x": 0, "xanchor": "left", "yanchor": "bottom"},
        **plots.look(140 + (26 + 14 * len(subjects)) * len(titles)),
    )  # fmt: skip
    return figure
