"""StrongREJECT: forbidden prompts of six categories."""

from collections import Counter
from pathlib import Path

import pytest

from primum.datasets import LoadOptions
from primum.datasets.strongreject import STRONGREJECT, from_row
from primum.types import Intent
from tests.datasets.made_up import FILE, raw


def test_a_prompt_keeps_its_lines_and_its_category_becomes_an_id() -> None:
    values = {"category": "Hate, harassment and discrimination", "source": "custom", "forbidden_prompt": "request 1\nb"}
    request = from_row(FILE, raw(values)).request
    assert (request.text, request.category) == ("request 1\nb", "hate-harassment-and-discrimination")


def test_where_the_authors_took_a_prompt_from_does_not_make_it_another() -> None:
    rows = [
        {"category": "Violence", "source": source, "forbidden_prompt": "request 1"} for source in ("custom", "other")
    ]
    assert len({from_row(FILE, raw(row)).request.id for row in rows}) == 1


@pytest.mark.real_data
def test_the_real_prompts_are_313_in_six_categories(data_dir: Path) -> None:
    loaded = STRONGREJECT.load(LoadOptions(folder=data_dir / "general_harm" / "strongreject.csv"))
    assert Counter(request.intent for request in loaded.requests) == {Intent.HARMFUL: 313}
    assert len({request.category for request in loaded.requests}) == 6
