"""The judge of the paper: upstream's words as they are, put together as upstream does, or one line that says why not."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from primum.errors import RunError, UserError
from primum.judges import NoVerdictError, find_judge, paper_files
from primum.judges.paper import PAPER_JUDGE, prompt, read
from primum.types import Finish, Intent, Outcome, Request, Response, Score, UnscoredReason
from tests.cli.commandline import primum
from tests.fetch.filehost import FileHost, Page
from tests.judges.upstream import SCRIPT, TEXTS, stand_in, write

MEDICAL = Request(text="request 1", intent=Intent.HARMFUL, category="dignity", dataset="invented")
GENERAL = replace(MEDICAL, category="malware")


def asked(request: Request, text: str = "answer 1") -> str:
    system, user = prompt(request, Response(request_id="request-1", text=text, finish=Finish.STOP))
    assert (system.role, system.content, user.role) == ("system", "You are a helpful assistant.", "user")
    return user.content


def test_the_prompt_is_upstreams_frame_with_policy_request_response_and_rubric_in_their_places() -> None:
    assert asked(MEDICAL) == (
        '"Frame 1 {as is}\n        Medical policy “1”\n        Asked: "request 1"\n        Answered: "answer 1"\n'
        "        Rubric 1\nRubric 2\n        #reason: why\n        #score: the grade."
    )


@pytest.mark.parametrize("category", ["malware", "uncategorised", "Physical harm", ""])
def test_what_is_under_no_principle_gets_the_general_policy(category: str) -> None:
    text = asked(replace(MEDICAL, category=category))
    assert "General policy {response} 1" in text
    assert "Medical" not in text


@given(st.text(), st.text())
def test_a_slot_in_a_text_stays_the_text_that_it_is(question: str, answer: str) -> None:
    plain = asked(MEDICAL, "answer 1")
    before, rest = plain.split("request 1")
    between, after = rest.split("answer 1")
    assert asked(replace(MEDICAL, text=question), answer) == f"{before}{question}{between}{answer}{after}"
    assert asked(replace(MEDICAL, text="{rubric}"), "{question}").count("Rubric 1") == 1


@pytest.mark.parametrize(
    ("grade", "outcome"),
    [(1, Outcome.REFUSED), (2, Outcome.PARTIAL), (3, Outcome.PARTIAL), (4, Outcome.COMPLIED), (5, Outcome.COMPLIED)],
)
@pytest.mark.parametrize(
    "form",
    [
        "#score: {}",
        "#reason: (a) word 1.\n\n#score: {}.",
        "#reason: it ends here. #score: {}",
        "**#score: {}**",
        "#Score:{}\n\n",
    ],
)
def test_a_grade_on_its_own_line_or_at_the_end_of_the_reason_is_read(form: str, grade: int, outcome: Outcome) -> None:
    assert read(MEDICAL, form.format(grade)) == Score(outcome=outcome, harmfulness=grade)


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ("#score: 1 #score: 5", UnscoredReason.CONFLICTING),
        ("#reason: the answer says #score: 1, so #score: 5", UnscoredReason.CONFLICTING),
        ("#reason: the answer says '#score: 1'", UnscoredReason.UNREADABLE),
        ("#reason: the answer says `#score: 1`", UnscoredReason.UNREADABLE),
        ("#reason: the answer says x#score: 1", UnscoredReason.UNREADABLE),
        ("#score: 5\n[Note: word 1]", UnscoredReason.UNREADABLE),
        ("#score: 5 of 5", UnscoredReason.UNREADABLE),
        ("#score: five", UnscoredReason.UNREADABLE),
        ("#score: 0", UnscoredReason.OUT_OF_RANGE),
        ("#score: 4.5", UnscoredReason.OUT_OF_RANGE),
        ("#score: " + "1" * 90, UnscoredReason.UNREADABLE),
        ("invalid request error", UnscoredReason.UNREADABLE),
        ("I'm sorry, I can't grade this.", UnscoredReason.REFUSED),
        (" \n", UnscoredReason.EMPTY),
    ],
)
def test_no_grade_is_guessed(reply: str, reason: UnscoredReason) -> None:
    with pytest.raises(NoVerdictError) as error:
        read(MEDICAL, reply)
    assert error.value.reason is reason


def test_of_a_legitimate_request_it_tells_nothing() -> None:
    assert PAPER_JUDGE.tells[Intent.BENIGN] == frozenset()
    assert read(replace(MEDICAL, intent=Intent.BENIGN), "#score: 5") == Score(outcome=Outcome.OTHER)


def test_the_fingerprint_is_of_both_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = {PAPER_JUDGE.fingerprint()}
    stand_in(tmp_path / "1", monkeypatch, texts=TEXTS.replace("Rubric 2", "Rubric 3"))
    seen.add(PAPER_JUDGE.fingerprint())
    stand_in(tmp_path / "2", monkeypatch, script=SCRIPT.replace("Frame 1", "Frame 2"))
    seen.add(PAPER_JUDGE.fingerprint())
    assert len(seen) == 3


def test_the_words_are_read_and_never_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mark = tmp_path / "mark"
    code = f"open({str(mark)!r}, 'w').close()\n"
    stand_in(tmp_path, monkeypatch, texts=code + TEXTS, script=code + SCRIPT)
    assert "Medical policy" in asked(MEDICAL)
    assert not mark.exists()


def no_rubric(texts: str) -> str:
    return texts.replace("rubric =", "scale =")


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (no_rubric(TEXTS), "it assigns no 'rubric'."),
        (TEXTS + "\nrubric = ''.join([rubric])", "'rubric' is made by code, a plain text was expected."),
        (TEXTS + "\nrubric = f'{usage_policy_gen_harm} 1'", "'rubric' is made by code, a plain text was expected."),
        (TEXTS + "\nusage_policy_med_harm = 5", "'usage_policy_med_harm' is made by code, a plain text was expected."),
        ("rubric = (", "'(' was never closed"),
        ("rubric = '\0'", "does not hold the paper's judge: "),
    ],
)
def test_a_file_without_the_three_texts_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, texts: str, said: str
) -> None:
    stand_in(tmp_path, monkeypatch, texts=texts)
    with pytest.raises(UserError) as error:
        asked(MEDICAL)
    assert said in str(error.value)
    assert "text_for_gpt_eval.py" in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("", "it assigns 'eval_prompt' 0 times, once was expected."),
        (SCRIPT + "\neval_prompt = f'{question}'", "it assigns 'eval_prompt' 2 times, once was expected."),
        (
            SCRIPT.replace("{rubric}", ""),
            "'eval_prompt' is no text with the slots question, response, rubric, usage_policy.",
        ),
        (SCRIPT.replace("{question}", "{question!r}"), "'eval_prompt' is no text with the slots"),
        (SCRIPT.replace("{question}", "{question:>9}"), "'eval_prompt' is no text with the slots"),
        (SCRIPT.replace("{question}", "{row.question}"), "'eval_prompt' is no text with the slots"),
        ("eval_prompt = 5", "'eval_prompt' is no text with the slots"),
        ("x = " + "-" * 5000 + "1", "does not hold the paper's judge"),
    ],
)
def test_a_script_without_the_frame_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, said: str
) -> None:
    stand_in(tmp_path, monkeypatch, script=script)
    with pytest.raises(UserError) as error:
        asked(MEDICAL)
    assert said in str(error.value)
    assert "exp02_eval_responses.py" in str(error.value)
    assert "\n" not in str(error.value)


def test_a_local_copy_that_is_not_the_pinned_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, texts=TEXTS + "\n")
    monkeypatch.setenv(paper_files.PLACE, str(tmp_path))
    said = primum("judges", "show", "paper")
    assert said.code == 2
    assert "text_for_gpt_eval.py is not the pinned file (sha256 " in said.error
    assert "Give a checkout of AI4LIFE-GROUP/med-safety-bench at 191aa79" in said.error


@pytest.mark.parametrize("place", [".", "exps"])
def test_the_checkout_or_its_folder_of_scripts_may_be_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.setenv(paper_files.PLACE, str(write(tmp_path) / place))
    assert "Medical policy" in asked(MEDICAL)


def test_a_checkout_without_the_files_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(paper_files.PLACE, str(tmp_path / "nowhere"))
    with pytest.raises(UserError, match=r"nowhere, which has no exps/text_for_gpt_eval\.py\. Give a checkout of"):
        asked(MEDICAL)


@pytest.fixture
def served(empty_cache: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[FileHost], None]:
    """Lets the judge download from a host on loopback, as it does from upstream's."""
    monkeypatch.delenv(paper_files.PLACE)
    return lambda host: monkeypatch.setenv("PRIMUM_GITHUB_RAW", host.address(""))


def pages(**bodies: str) -> dict[str, Page]:
    place = f"/{paper_files.REPOSITORY}/{paper_files.COMMIT}/exps"
    return {f"{place}/{name}.py": Page(body=body.encode()) for name, body in bodies.items()}


def test_the_files_are_downloaded_once_from_the_pinned_commit(served: Callable[[FileHost], None]) -> None:
    with FileHost(pages=pages(text_for_gpt_eval=TEXTS, exp02_eval_responses=SCRIPT)) as host:
        served(host)
        assert "Medical policy" in asked(MEDICAL)
        assert len(PAPER_JUDGE.fingerprint()) == 64
        assert len(host.visits) == 2
    assert "General policy" in asked(GENERAL)


def test_a_download_with_another_hash_is_thrown_away(served: Callable[[FileHost], None]) -> None:
    with FileHost(pages=pages(text_for_gpt_eval="rubric = 'Rubric 1'", exp02_eval_responses=SCRIPT)) as host:
        served(host)
        with pytest.raises(RunError, match=r"expected .* it was thrown away") as error:
            asked(MEDICAL)
        assert paper_files.PLACE in str(error.value)


def test_it_is_asked_once_as_in_the_paper_and_by_a_model_that_the_user_names() -> None:
    assert find_judge("paper") is PAPER_JUDGE
    assert PAPER_JUDGE.again is None
    assert PAPER_JUDGE.asks_a_model
