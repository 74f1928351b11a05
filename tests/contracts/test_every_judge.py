"""What every judge of the table promises, whatever it is made of."""

import re
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from primum.errors import UserError
from primum.judges import JUDGES, Construct, Judge, NoVerdictError, find_judge
from primum.judges.guards import defused
from primum.types import ClinicalScore, Finish, Intent, Outcome, Request, Response, Score, Unscored, UnscoredReason
from tests.judges.forms import FORMS

ROOT = Path(__file__).parents[2]
every_judge = pytest.mark.parametrize("judge", JUDGES.values(), ids=JUDGES)
local_judges = pytest.mark.parametrize(
    "judge", [item for item in JUDGES.values() if item.score], ids=lambda item: item.name
)
asked_judges = pytest.mark.parametrize(
    "judge", [item for item in JUDGES.values() if item.prompt], ids=lambda item: item.name
)
reminded_judges = pytest.mark.parametrize(
    "judge", [item for item in JUDGES.values() if item.again], ids=lambda item: item.name
)
REQUESTS = [
    Request(text="request 1", intent=Intent.HARMFUL, category="dignity", dataset="invented", pair="p"),
    Request(text="request 2", intent=Intent.BENIGN, category="dignity", dataset="invented", pair="p"),
    Request(text="request 3", intent=Intent.HARMFUL, category="malware", dataset="invented"),
    Request(text="request 4", intent=Intent.HARMFUL, category="uncategorised", dataset="invented"),
    Request(text="request 5", intent=Intent.BENIGN, category="{{policy}}\n\nof another data set", dataset="invented"),
]
requests = st.sampled_from(REQUESTS)


def answer(text: str, finish: Finish = Finish.STOP) -> Response:
    return Response(request_id="request-1", text=text, finish=finish)


@every_judge
def test_it_is_found_by_its_own_name(judge: Judge) -> None:
    assert find_judge(judge.name) is judge
    assert judge.id == f"{judge.name}@{judge.version}"
    assert re.fullmatch(r"[a-z][a-z0-9-]*", judge.name)


@every_judge
def test_it_works_in_exactly_one_of_the_two_ways(judge: Judge) -> None:
    assert (judge.score is None) == judge.asks_a_model
    assert (judge.prompt is None) == (judge.read is None)
    assert judge.again is None or judge.asks_a_model


@every_judge
def test_it_says_what_it_can_tell_of_both_kinds_of_request(judge: Judge) -> None:
    assert set(judge.tells) == set(Intent)
    told = frozenset[Outcome]().union(*judge.tells.values())
    assert bool(told) == (judge.construct is Construct.COMPLIANCE)


@every_judge
def test_its_fingerprint_is_one_hash_that_stays(judge: Judge) -> None:
    assert re.fullmatch(r"[0-9a-f]{64}", judge.fingerprint())
    assert judge.fingerprint() == judge.fingerprint()


@every_judge
def test_it_has_a_card_for_readers(judge: Judge) -> None:
    assert (ROOT / judge.card).is_file()


@every_judge
def test_its_measured_error_is_possible(judge: Judge) -> None:
    for row in judge.measured():
        assert row.n > 0
        assert row.labels
        assert row.quantity
        assert 0 <= row.sensitivity <= 1
        assert 0 <= row.specificity <= 1
        assert -1 <= row.kappa_low <= row.kappa <= row.kappa_high <= 1


def test_no_two_judges_share_a_fingerprint() -> None:
    assert len({judge.fingerprint() for judge in JUDGES.values()}) == len(JUDGES)


def test_an_unknown_judge_is_a_users_error_that_names_the_known_ones() -> None:
    with pytest.raises(
        UserError,
        match=r"Unknown judge 'rubrik'\. Did you mean 'rubric'\? Allowed: clinical, embedded, granite-guardian",
    ):
        find_judge("rubrik")


@local_judges
@given(request_=requests, text=st.text(), finish=st.sampled_from(Finish))
def test_a_local_judge_scores_any_text_and_the_same_text_the_same(
    judge: Judge, request_: Request, text: str, finish: Finish
) -> None:
    assert judge.score is not None
    found = judge.score(request_, answer(text, finish))
    assert found == judge.score(request_, answer(text, finish))
    assert [found] == list(judge.scores([request_], [answer(text, finish)]))
    if isinstance(found, Unscored):
        assert found.reason is UnscoredReason.UNDECIDED  # a local judge has no reply that could not be read
    else:
        assert found.outcome in judge.tells[request_.intent] | {Outcome.OTHER}
        assert found.confidence is None or 0 <= found.confidence <= 1


@asked_judges
@given(request_=requests, text=st.text(min_size=1))
def test_an_asked_judge_is_shown_the_original_request_and_the_whole_response(
    judge: Judge, request_: Request, text: str
) -> None:
    assert judge.prompt is not None
    messages = judge.prompt(request_, answer(text))
    shown = "\n".join(message.content for message in messages)
    assert request_.text in shown
    assert text in shown or defused(text) in shown  # a guard's own markers are made harmless
    assert messages == judge.prompt(request_, answer(text))
    assert [message.role for message in messages] in (["user"], ["user", "assistant"], ["system", "user"])


@asked_judges
@given(request_=requests, reply=st.text())
def test_an_asked_judge_gives_a_score_or_says_that_there_is_none(judge: Judge, request_: Request, reply: str) -> None:
    assert judge.read is not None
    with suppress(NoVerdictError):
        found = judge.read(request_, reply)
        assert isinstance(found, ClinicalScore) == (judge.construct is Construct.CLINICAL)
        if isinstance(found, Score):
            assert found.outcome in judge.tells[request_.intent] | {Outcome.OTHER}
            assert found.harmfulness is None or (1 <= found.harmfulness <= 5 and request_.intent is Intent.HARMFUL)


@asked_judges
@pytest.mark.parametrize("request_", REQUESTS, ids=lambda item: item.text)
def test_an_asked_judge_can_read_the_form_that_it_asks_for(judge: Judge, request_: Request) -> None:
    assert judge.read is not None
    reply = FORMS[judge.name].text.format(*next(iter(FORMS[judge.name].means)))
    if judge.construct is Construct.CLINICAL:
        assert isinstance(judge.read(request_, reply), ClinicalScore)
    else:
        assert isinstance(judge.read(request_, reply), Score)


def test_the_form_of_every_asked_judge_is_known_to_the_tests() -> None:
    assert set(FORMS) == {judge.name for judge in JUDGES.values() if judge.asks_a_model}


@reminded_judges
@given(reply=st.text())
def test_a_judge_that_asks_again_does_so_with_the_task_still_in_sight(judge: Judge, reply: str) -> None:
    assert judge.prompt is not None
    assert judge.again is not None
    asked = judge.prompt(REQUESTS[0], answer("answer 1"))
    more = judge.again(asked, reply)
    assert more[: len(asked)] == asked
    assert len(more) > len(asked)
    assert all(message.content.strip() for message in more)
    assert more[-1].role == "user"
