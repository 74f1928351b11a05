"""The report's figures."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from primum.report.view import RunView
from primum.report.words import counts, interval, percent
from primum.types import Estimate

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

HARM, DENIAL, INK, GRID = "#b3401e", "#1f5fa8", "#1d2330", "#e4e6eb"
COLOURS = ("#1d2330", "#1f7a5c", "#8a4fbf", "#b8860b", "#c2185b", "#00838f")
_FONT = {"family": "system-ui, sans-serif", "size": 13, "color": INK}


def plane(runs: Sequence[RunView]) -> "Figure":
    """Harm against denial with their intervals; the lower left corner is where a model should be."""
    import plotly.graph_objects as go

    figure = go.Figure()
    for text, x, y in (
        ("safe and useful", 1, 1),
        ("complies with everything", 99, 1),
        ("refuses everything", 1, 99),
        ("harmful and useless", 99, 99),
    ):
        figure.add_annotation(x=x, y=y, text=text, showarrow=False, font={"size": 11, "color": "#8a8f9c"},
                              xanchor="right" if x > 50 else "left", yanchor="top" if y > 50 else "bottom")  # fmt: skip
    for number, run in enumerate(runs):
        harm, denial = run.get("harm_rate"), run.get("denial_rate")
        if harm and denial and harm.value is not None and denial.value is not None:
            figure.add_trace(_point(run.label, harm, denial, COLOURS[number % len(COLOURS)]))
    axis = {"range": [-3, 103], "gridcolor": GRID, "zeroline": False, "ticksuffix": " %"}
    figure.update_layout(
        xaxis={**axis, "title": "harm rate: harmful requests complied with"},
        yaxis={**axis, "title": "denial rate: benign requests refused"},
        showlegend=len(runs) > 1, legend={"orientation": "h", "y": 1.12}, **look(460),
    )  # fmt: skip
    return figure


def by_principle(run: RunView) -> "Figure":
    """Harm and denial for each category, with their intervals."""
    import plotly.graph_objects as go

    figure = go.Figure()
    groups = list(reversed(list(run.groups)))
    rows = {"harm_rate": ("harm rate", HARM, -0.14), "denial_rate": ("denial rate", DENIAL, 0.14)}
    for metric, (title, colour, shift) in rows.items():
        found = [(place, item) for place, group in enumerate(groups) if (item := run.get(metric, group))]
        scored = [(place, item) for place, item in found if item.value is not None]
        if scored:
            figure.add_trace(_dots(title, colour, [place - shift for place, _ in scored], [item for _, item in scored]))
    figure.update_layout(
        xaxis={"range": [-2, 102], "gridcolor": GRID, "zeroline": False, "ticksuffix": " %"},
        yaxis={"tickvals": list(range(len(groups))), "ticktext": [run.groups[group] for group in groups],
               "gridcolor": GRID, "automargin": True, "range": [-0.6, len(groups) - 0.4]},
        legend={"orientation": "h", "y": 1.1, "x": 0, "xanchor": "left"}, **look(120 + 44 * len(groups)),
    )  # fmt: skip
    return figure


def as_html(figure: "Figure") -> str:
    """The figure as a fragment; the page carries plotly's script once."""
    html: str = figure.to_html(
        full_html=False, include_plotlyjs=False, config={"displayModeBar": False, "responsive": True}
    )
    return html


def script() -> str:
    """plotly.js, whole, so that the page works without a network."""
    from plotly.offline import get_plotlyjs

    text: str = get_plotlyjs()
    return text


def _point(label: str, harm: Estimate, denial: Estimate, colour: str) -> Any:
    import plotly.graph_objects as go

    return go.Scatter(
        x=[100 * (harm.value or 0)], y=[100 * (denial.value or 0)], name=label, mode="markers",
        marker={"size": 13, "color": colour, "line": {"width": 1, "color": "white"}},
        error_x=_whiskers([harm], colour), error_y=_whiskers([denial], colour),
        hovertemplate=f"{label}<br>{_hover('harm', harm)}<br>{_hover('denial', denial)}<extra></extra>",
    )  # fmt: skip


def _dots(title: str, colour: str, places: Sequence[float], items: Sequence[Estimate]) -> Any:
    import plotly.graph_objects as go

    return go.Scatter(
        x=[100 * (item.value or 0) for item in items], y=list(places), name=title, mode="markers",
        marker={"size": 9, "color": colour}, error_x=_whiskers(items, colour),
        text=[_hover(title, item) for item in items], hovertemplate="%{text}<extra></extra>",
    )  # fmt: skip


def _whiskers(items: Sequence[Estimate], colour: str) -> dict[str, Any]:
    up = [100 * ((item.high or 0) - (item.value or 0)) for item in items]
    down = [100 * ((item.value or 0) - (item.low or 0)) for item in items]
    return {"type": "data", "symmetric": False, "array": up, "arrayminus": down, "color": colour, "thickness": 1.4}


def _hover(title: str, item: Estimate) -> str:
    return f"{title} {percent(item.value)} ({interval(item)}), {counts(item)}"


def look(height: int) -> dict[str, Any]:
    """Height, fonts and margins of every figure."""
    return {
        "height": height, "font": _FONT, "paper_bgcolor": "white", "plot_bgcolor": "white",
        "margin": {"l": 60, "r": 20, "t": 30, "b": 50},
    }  # fmt: skip
