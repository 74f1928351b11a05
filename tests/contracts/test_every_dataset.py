"""What every data set that is fetched promises, whoever publishes it and in whatever layout."""

import hashlib
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

from primum.datasets import DATASETS, DataFile, Dataset, Loaded, LoadOptions, Origin
from primum.errors import RunError, UserError
from primum.fetch import cache_folder, download
from primum.types import Split
from tests.contracts.dataset_samples import SAMPLES, RawRows, encoded
from tests.contracts.hub import SOME_COMMIT, Hub, listing

REMOTE = [dataset for dataset in DATASETS.values() if dataset.origin is not None]
TOKEN = "made-up-token"

every_dataset = pytest.mark.parametrize("dataset", REMOTE, ids=lambda dataset: dataset.name)
every_split = pytest.mark.parametrize(
    ("dataset", "split"),
    [pytest.param(dataset, split, id=f"{dataset.name}, {split}") for dataset in REMOTE for split in dataset.splits],
)
every_hub_dataset = pytest.mark.parametrize(
    "dataset", [item for item in REMOTE if item.origin and item.origin.host == "hub"], ids=lambda dataset: dataset.name
)


def origin_of(dataset: Dataset) -> Origin:
    assert dataset.origin is not None
    return dataset.origin


def upstream_path(dataset: Dataset, file: DataFile) -> str:
    """The file's path as upstream has it: a ``*`` is filled in."""
    (path,) = (path for path in SAMPLES[dataset.name].files if fnmatch(path, file.path))
    return path


def body(dataset: Dataset, file: DataFile) -> bytes:
    path = upstream_path(dataset, file)
    return encoded(file, path, SAMPLES[dataset.name].files[path])


def publish(hub: Hub, dataset: Dataset) -> dict[str, bytes]:
    """Put every file where its origin pins it; gives the contents by address, in the origin's order."""
    origin = origin_of(dataset)
    return {
        hub.put(origin, upstream_path(dataset, file), body(dataset, file), file.revision): body(dataset, file)
        for file in origin.files
    }


def pin(monkeypatch: pytest.MonkeyPatch, file: DataFile, content: bytes) -> None:
    """Let the made-up content be the pinned one, where a hash is pinned.

    The frozen record itself is changed, not a copy: so it is the table's own data set that reads it.
    """
    if file.sha256 is not None:
        monkeypatch.setitem(vars(file), "sha256", hashlib.sha256(content).hexdigest())
        monkeypatch.setitem(vars(file), "size", len(content) if file.size is not None else None)


def publish_rows(hub: Hub, monkeypatch: pytest.MonkeyPatch, dataset: Dataset, file: DataFile, rows: RawRows) -> None:
    """Other rows in the place of one file, pinned."""
    path = upstream_path(dataset, file)
    content = encoded(file, path, rows)
    pin(monkeypatch, file, content)
    publish(hub, dataset)
    hub.put(origin_of(dataset), path, content, file.revision)


def first_rows(dataset: Dataset, split: Split) -> tuple[DataFile, RawRows]:
    """The split's first file of rows, with the rows."""
    files = origin_of(dataset).of_split(split) or origin_of(dataset).files
    rows = SAMPLES[dataset.name].files[upstream_path(dataset, files[0])]
    assert not isinstance(rows, bytes)
    return files[0], rows


def names_the_place(message: str, file: DataFile, row: int) -> bool:
    return any(
        fnmatch(name, file.name) and int(number) == row for name, number in re.findall(r"([^/\s]+), row (\d+)", message)
    )


def kept() -> list[str]:
    """What the cache holds, locks left out."""
    return [path.name for path in cache_folder().rglob("*") if path.is_file() and path.name != ".lock"]


@pytest.fixture
def hub(empty_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """Both hosts, empty, and a user who has no token."""
    for name in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HF_TOKEN_PATH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HF_HOME", str(tmp_path / "no-home"))
    # Loopback needs no certificates, and reading them all for each file would take most of the time.
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    with Hub() as host:
        monkeypatch.setenv("PRIMUM_GITHUB_RAW", host.github_raw)
        monkeypatch.setenv("HF_ENDPOINT", host.endpoint)
        yield host


@pytest.fixture
def published(hub: Hub, dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """The made-up rows of a data set, at its pinned addresses."""
    for file in origin_of(dataset).files:
        pin(monkeypatch, file, body(dataset, file))
    return publish(hub, dataset)


def test_every_data_set_that_is_fetched_has_rows_here() -> None:
    assert {dataset.name for dataset in REMOTE} == set(SAMPLES)
    for dataset in REMOTE:
        sample = SAMPLES[dataset.name]
        assert set(sample.requests) | set(sample.questions) == set(dataset.splits)


@every_split
def test_every_row_becomes_what_its_columns_say(dataset: Dataset, split: Split, published: dict[str, bytes]) -> None:
    sample, loaded = SAMPLES[dataset.name], dataset.load(LoadOptions(split=split))
    assert [(row.request.text, row.request.intent, row.request.category) for row in loaded.rows] == [
        (wanted.text, wanted.intent, wanted.category) for wanted in sample.requests.get(split, ())
    ]
    assert [(item.text, item.choices, item.answer, item.subject, item.context) for item in loaded.questions] == [
        (wanted.text, wanted.choices, wanted.answer, wanted.subject, wanted.context)
        for wanted in sample.questions.get(split, ())
    ]
    named = [request.dataset for request in loaded.requests] + [question.dataset for question in loaded.questions]
    assert set(named) == {dataset.name}


@every_split
def test_rows_that_differ_have_ids_that_differ(dataset: Dataset, split: Split, published: dict[str, bytes]) -> None:
    loaded = dataset.load(LoadOptions(split=split))
    ids = [row.request.id for row in loaded.rows] + [question.id for question in loaded.questions]
    assert len(set(ids)) == len(ids)


@every_split
def test_a_request_says_in_which_file_and_row_it_stands(
    dataset: Dataset, split: Split, published: dict[str, bytes]
) -> None:
    wanted = SAMPLES[dataset.name].requests.get(split, ())
    files = {upstream_path(dataset, file): file for file in origin_of(dataset).files}
    for row, expected in zip(dataset.load(LoadOptions(split=split)).rows, wanted, strict=True):
        assert fnmatch(row.place, f"{files[expected.file].name}, row {expected.row}")


@every_split
def test_only_the_files_of_the_split_are_asked_for_at_their_pinned_revision(
    hub: Hub, dataset: Dataset, split: Split, published: dict[str, bytes]
) -> None:
    origin = origin_of(dataset)
    wanted = [
        address
        for address, file in zip(published, origin.files, strict=True)
        if dataset.name == "pubmedqa" or file.split == split  # both its files serve both its splits
    ]
    dataset.load(LoadOptions(split=split))
    assert wanted
    assert [address for address in hub.asked() if address != listing(origin)] == wanted
    for address, file in zip(published, origin.files, strict=True):
        assert f"/{file.revision or origin.revision}/" in address


@every_split
def test_the_hash_is_that_of_the_content_and_the_second_load_asks_nobody(
    hub: Hub, dataset: Dataset, split: Split, published: dict[str, bytes]
) -> None:
    first = dataset.load(LoadOptions(split=split))
    downloads = [published[address] for address in hub.asked() if address in published]
    assert first.sha256 == hashlib.sha256(b"".join(downloads)).hexdigest()
    hub.visits.clear()
    assert dataset.load(LoadOptions(split=split)) == first
    assert hub.visits == []


@every_split
def test_a_local_copy_in_upstreams_layout_gives_what_the_download_gives(
    hub: Hub, dataset: Dataset, split: Split, published: dict[str, bytes], tmp_path: Path
) -> None:
    for file in origin_of(dataset).files:
        place = tmp_path / "copy" / upstream_path(dataset, file)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(body(dataset, file))
    local = dataset.load(LoadOptions(split=split, folder=tmp_path / "copy"))
    assert hub.visits == []
    assert what(local) == what(dataset.load(LoadOptions(split=split)))


def what(loaded: Loaded) -> tuple[object, ...]:
    """All but the names of files, which the user may choose for a local copy."""
    return loaded.requests, loaded.questions, [row.reference for row in loaded.rows], loaded.sha256


@pytest.mark.parametrize(
    ("dataset", "column"),
    [
        pytest.param(dataset, column, id=f"{dataset.name}, {column}")
        for dataset in REMOTE
        for column in SAMPLES[dataset.name].needs
        if column != "text"  # no header, no column to miss
    ],
)
def test_a_missing_column_is_a_users_error_that_names_file_row_and_column(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, dataset: Dataset, column: str
) -> None:
    split = dataset.splits[0]
    file, rows = first_rows(dataset, split)
    for other in origin_of(dataset).files:
        pin(monkeypatch, other, body(dataset, other))
    less = [{name: said for name, said in row.items() if name != column} for row in rows]
    publish_rows(hub, monkeypatch, dataset, file, less)
    with pytest.raises(UserError, match=f"no column '{column}'") as caught:
        dataset.load(LoadOptions(split=split))
    assert names_the_place(str(caught.value), file, 1)


@every_dataset
def test_a_row_without_its_text_is_a_users_error_that_names_file_and_row(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, dataset: Dataset
) -> None:
    split = dataset.splits[0]
    file, rows = first_rows(dataset, split)
    for other in origin_of(dataset).files:
        pin(monkeypatch, other, body(dataset, other))
    publish_rows(hub, monkeypatch, dataset, file, [{**rows[0], SAMPLES[dataset.name].needs[0]: "  "}, *rows[1:]])
    with pytest.raises(UserError, match="is empty") as caught:
        dataset.load(LoadOptions(split=split))
    assert names_the_place(str(caught.value), file, 1)


@pytest.mark.parametrize(
    ("dataset", "file"),
    [
        pytest.param(dataset, file, id=f"{dataset.name}, {file.path.rsplit('/', 1)[-1]}, {file.split}")
        for dataset in REMOTE
        for file in {item.split: item for item in reversed(origin_of(dataset).files) if item.sha256}.values()
    ],
)
def test_content_that_is_not_the_pinned_one_is_refused_and_not_kept(hub: Hub, dataset: Dataset, file: DataFile) -> None:
    """The real pins, and made-up rows in upstream's place."""
    publish(hub, dataset)
    with pytest.raises(RunError, match=rf"{re.escape(file.name)} has sha256 .*expected {str(file.sha256)[:12]}"):
        dataset.load(LoadOptions(split=file.split))
    assert kept() == []


@pytest.mark.parametrize(
    "dataset",
    [
        dataset
        for dataset in REMOTE
        if (origin := origin_of(dataset)).host == "hub"
        and origin.revision != "main"
        and any(file.sha256 is None for file in origin.files)
    ],
    ids=lambda dataset: dataset.name,
)
def test_another_commit_than_the_pinned_is_refused_where_no_hash_is_known(
    hub: Hub, dataset: Dataset, published: dict[str, bytes]
) -> None:
    for address in published:
        hub.commits[address] = SOME_COMMIT
    file = next(file for file in origin_of(dataset).files if file.sha256 is None)
    with pytest.raises(RunError, match=rf"commit {SOME_COMMIT[:12]}, not from the pinned {dataset.version[:12]}"):
        dataset.load(LoadOptions(split=file.split))
    assert kept() == []


@every_split
def test_a_broken_download_goes_on_where_it_broke(
    hub: Hub, dataset: Dataset, split: Split, published: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "_CHUNK", 1)  # the files here are much smaller than a chunk
    file = (origin_of(dataset).of_split(split) or origin_of(dataset).files)[0]
    (address,) = (address for address in published if address.endswith(f"/{upstream_path(dataset, file)}"))
    half = len(published[address]) // 2
    hub.breaks[address] = half
    with pytest.raises(RunError, match="Could not fetch"):
        dataset.load(LoadOptions(split=split))
    assert dataset.load(LoadOptions(split=split)).sha256
    ranges = [visit.headers.get("range") for visit in hub.visits if visit.path == address]
    assert ranges == [None, f"bytes={half}-"]


@every_hub_dataset
def test_a_closed_data_set_says_what_to_do_and_opens_with_the_users_token(
    hub: Hub, dataset: Dataset, published: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Any of them may be closed one day; a mirror may ask for a token, too."""
    hub.token = TOKEN
    options = LoadOptions(split=dataset.splits[0])
    with pytest.raises((RunError, UserError), match=r"401.*HF_TOKEN") as caught:
        dataset.load(options)
    assert len(str(caught.value).splitlines()) == 1
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    loaded = dataset.load(options)
    assert loaded.rows or loaded.questions


def test_the_gated_data_set_says_where_its_terms_are_accepted(hub: Hub) -> None:
    (dataset,) = (item for item in REMOTE if origin_of(item).gated)
    publish(hub, dataset)
    hub.token = TOKEN
    with pytest.raises(RunError, match=rf"accept its terms at {re.escape(origin_of(dataset).page)} .*HF_TOKEN"):
        dataset.load(LoadOptions())
    assert kept() == []


@every_split
def test_the_users_token_goes_to_the_hub_alone(
    hub: Hub, dataset: Dataset, split: Split, published: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    dataset.load(LoadOptions(split=split))
    wanted = f"Bearer {TOKEN}" if origin_of(dataset).host == "hub" else None
    assert {visit.headers.get("authorization") for visit in hub.visits} == {wanted}


@every_dataset
def test_its_card_says_what_a_reader_has_to_know(dataset: Dataset) -> None:
    for name in ("title", "version", "licence", "size", "columns", "defects", "source"):
        assert getattr(dataset, name).strip(), name
    assert re.fullmatch(r"https://(github\.com|huggingface\.co/datasets)/[\w.-]+/[\w.-]+", origin_of(dataset).page)


@every_dataset
def test_its_revisions_are_commits_or_its_version_says_that_none_is_known(dataset: Dataset) -> None:
    origin = origin_of(dataset)
    if re.fullmatch(r"[0-9a-f]{40}", origin.revision):
        assert dataset.version == origin.revision
    else:
        assert dataset.version.startswith(f"{origin.revision}: no commit")
    for file in origin.files:
        assert file.revision is None or re.fullmatch(r"[0-9a-f]{40}", file.revision)


@every_dataset
def test_its_pins_can_be_right(dataset: Dataset) -> None:
    """Hashes have their length, no two files share one, and a path stands once in a split."""
    files = origin_of(dataset).files
    known = [sha256 for file in files for sha256 in (file.sha256, *file.also) if sha256 is not None]
    assert all(re.fullmatch(r"[0-9a-f]{64}", sha256) for sha256 in known)
    assert len(set(known)) == len(known)
    assert len({(file.split, file.path) for file in files}) == len(files)
    assert all(file.size is None or file.size > 0 for file in files)
    assert {file.split for file in files} <= set(dataset.splits)
