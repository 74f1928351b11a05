import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="module", autouse=True)
def _nothing_left_over() -> Iterator[None]:
    """Collect what Inspect leaves behind while its warnings are still ignored, and not in some later module."""
    yield
    gc.collect()
