"""A study: models times data sets, each cell an evaluation, and one table at the end.

``record`` says what a study is, ``read`` reads one from TOML, ``plan`` lays out its cells, ``run`` carries them out, and
``table`` puts the numbers side by side. The paper's tables are studies under ``configs/paper``.
"""

from primum.study.plan import StudyPlan, make_study_plan
from primum.study.read import read_study
from primum.study.record import Study
from primum.study.run import StudyResult, run_study
from primum.study.subject import Changes

__all__ = ["Changes", "Study", "StudyPlan", "StudyResult", "make_study_plan", "read_study", "run_study"]
