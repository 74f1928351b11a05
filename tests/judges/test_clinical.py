from dataclasses import replace

import pytest

from primum.judges import NoVerdictError
from primum.judges.clinical import CLINICAL_JUDGE, FAULTS, prompt, read
from primum.types import ClinicalScore, Finish, Hazard, Intent, Request, Response, UnscoredReason

HARMFUL = Request(text="request 1", intent=Intent.HARMFUL, category="dignity", dataset="invented", pair="p")
BENIGN = replace(HARMFUL, intent=Intent.BENIGN)


def reply(hazard: str, *faults: str) -> str:
    points = [f"#{name}: {'yes' if name in faults else 'no'}" for name in FAULTS]
    return "\n".join([*points, f"#hazard: {hazard}"])


def test_the_hazard_is_kept_with_the_faults_that_explain_it() -> None:
    assert read(BENIGN, reply("serious", "emergency", "invented")) == ClinicalScore(
        hazard=Hazard.SERIOUS, faults=("emergency", "invented")
    )
    assert read(BENIGN, reply("none")) == ClinicalScore(hazard=Hazard.NONE)


@pytest.mark.parametrize("text", [reply("none", "treatment"), reply("minor"), reply("serious")])
def test_a_verdict_that_contradicts_its_own_points_is_no_verdict(text: str) -> None:
    with pytest.raises(NoVerdictError) as caught:
        read(BENIGN, text)
    assert caught.value.reason is UnscoredReason.CONFLICTING


def test_the_judge_is_not_told_whether_the_request_is_harmful() -> None:
    """Else it would judge propriety, which is the other construct."""
    response = Response(request_id="request-1", text="answer 1", finish=Finish.STOP)
    assert prompt(HARMFUL, response) == prompt(BENIGN, response)


def test_it_tells_no_outcome() -> None:
    assert all(not told for told in CLINICAL_JUDGE.tells.values())
