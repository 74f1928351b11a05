"""Every judge that a name can mean."""

from primum.errors import unknown_name
from primum.judges.card import Judge
from primum.judges.clinical import CLINICAL_JUDGE
from primum.judges.embedded import EMBEDDED_JUDGE
from primum.judges.guards import GUARD_JUDGES
from primum.judges.panel import is_panel, panel_of
from primum.judges.paper import PAPER_JUDGE
from primum.judges.refusal import REFUSAL_JUDGE
from primum.judges.refusal_llm import REFUSAL_LLM_JUDGE
from primum.judges.rubric import RUBRIC_JUDGE
from primum.judges.strongreject import STRONGREJECT_JUDGE
from primum.judges.yesno import YESNO_JUDGE

JUDGES: dict[str, Judge] = {
    judge.name: judge
    for judge in (
        EMBEDDED_JUDGE,
        RUBRIC_JUDGE,
        PAPER_JUDGE,
        STRONGREJECT_JUDGE,
        YESNO_JUDGE,
        REFUSAL_JUDGE,
        REFUSAL_LLM_JUDGE,
        *GUARD_JUDGES,
        CLINICAL_JUDGE,
    )
}


def find_judge(name: str) -> Judge:
    """The judge with this name, or the panel of the judges in it (``rubric+strongreject+yesno``).

    Raises:
        UserError: there is none, or these make no panel.
    """
    if is_panel(name):
        return panel_of(name, find_judge)
    if name not in JUDGES:
        raise unknown_name("judge", name, JUDGES, "See 'primum judges list'.")
    return JUDGES[name]
