"""The workflow of an evaluation: ask, judge, estimate, report.

The room is called *evaluation* so that ``primum.evaluate`` can be the function.
"""

from primum.evaluation.config import EvalConfig, config_from, read_config_file
from primum.evaluation.plan import Plan, make_plan
from primum.evaluation.progress import Progress, Silent
from primum.evaluation.rejudge import judge
from primum.evaluation.run import Run, open_run
from primum.evaluation.summary import write_report
from primum.evaluation.workflow import evaluate, run_plan

__all__ = [
    "EvalConfig",
    "Plan",
    "Progress",
    "Run",
    "Silent",
    "config_from",
    "evaluate",
    "judge",
    "make_plan",
    "open_run",
    "read_config_file",
    "run_plan",
    "write_report",
]
