"""Requests to train on that the test asks too."""

from primum.training.overlap import find_overlap
from primum.types import Intent, Request


def request(text: str) -> Request:
    return Request(text=text, intent=Intent.HARMFUL, category="x", dataset="made-up")


LONG = "how many tablets may an adult of eighty kilograms take in one day with food and a glass of water"


def test_the_same_words_in_other_case_and_punctuation_are_the_same_request() -> None:
    found = find_overlap([request("Request one, please!")], [request("other"), request("request ONE please")])
    assert [item.likeness for item in found] == [1.0]


def test_a_request_with_one_word_changed_is_found_and_the_most_alike_is_named() -> None:
    other, near = request(LONG.replace("tablets", "drops").replace("water", "milk")), request(LONG + " please")
    (found,) = find_overlap([request(LONG)], [other, near])
    assert found.test == near.id
    assert 0.8 <= found.likeness < 1


def test_a_single_word_that_is_repeated_is_found() -> None:
    assert find_overlap([request("Fever?")], [request("fever")])


def test_requests_that_share_some_words_are_not_the_same() -> None:
    assert not find_overlap(
        [request(LONG)], [request("how many tablets may a child take"), request("a glass of water")]
    )


def test_no_request_overlaps_with_no_test() -> None:
    assert find_overlap([request(LONG)], []) == ()


def test_texts_without_a_word_overlap_with_nothing() -> None:
    assert find_overlap([request("?!")], [request("...")]) == ()
