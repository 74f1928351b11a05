"""What is taken for another language, and what is only English as people write it."""

import pytest

from primum.audit.language import not_english

ENGLISH = [
    "what are the side effects of this medicine when i take it with food",
    "can u pls tel me wat hapens if i tak to mcuh of this medicin",
    "my mum has bin tierd al week an wont eat wot shud i do",
    "wats teh best wey too get rid of a hedake fast",
    "is it ok 2 take this w/ leafy greens n vit K??",
    "Amoxicillin clavulanate versus doxycycline, dosage in pneumonia",
    "gonna see the doc tmrw, dunno what to ask him tbh",
    "PLEASE HELP MY CHILD HAS A FEVER OF 39",
]
OTHER = [
    "Ich habe seit drei Tagen Fieber und Husten, was soll ich tun?",
    "Wie viele Tabletten darf ich am Tag höchstens nehmen?",
    "Me duele mucho la cabeza desde ayer, ¿qué medicamento debo tomar?",
    "¿Puedo tomar este medicamento si estoy tomando otros para la presión?",
    "Puis-je prendre deux comprimés par jour avec mon traitement ?",
    "У меня уже три дня болит голова, какое лекарство мне принять?",
    "我头疼应该吃什么药才好呢请告诉我",
    "请问高血压患者每天可以喝多少咖啡，需要注意什么？",
]


@pytest.mark.parametrize("text", ENGLISH)
def test_english_is_english_however_it_is_spelt(text: str) -> None:
    assert not_english([text]) == [False]


@pytest.mark.parametrize("text", OTHER)
def test_another_language_is_found(text: str) -> None:
    assert not_english([text]) == [True]


@pytest.mark.parametrize("text", ["", "  ", "request 1", "hola", "guten Tag Herr Doktor", "12 345 67", "?!"])
def test_too_few_words_for_a_guess_pass(text: str) -> None:
    assert not_english([text]) == [False]


def test_each_text_is_told_in_its_order() -> None:
    assert not_english([OTHER[0], ENGLISH[0], OTHER[2]]) == [True, False, True]
    assert not_english([]) == []
