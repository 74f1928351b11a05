"""One self-contained HTML page about one run or several. Pure: from records to text."""

from primum.report.improvement import ChangeRow, ImprovementView, render_improvement
from primum.report.page import render_page
from primum.report.view import CorrectedRate, Metric, RunView, Sample

__all__ = [
    "ChangeRow",
    "CorrectedRate",
    "ImprovementView",
    "Metric",
    "RunView",
    "Sample",
    "render_improvement",
    "render_page",
]
