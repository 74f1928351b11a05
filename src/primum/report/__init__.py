"""One self-contained HTML page about one run or several. Pure: from records to text."""

from primum.report.page import render_page
from primum.report.view import Metric, RunView, Sample

__all__ = ["Metric", "RunView", "Sample", "render_page"]
