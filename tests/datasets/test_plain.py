"""Your own requests: any file, here or on the hub, with the columns that you name."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

import pytest

from primum.datasets import PLAIN, Loaded, LoadOptions, Row, check_columns, is_place, row_record
from primum.errors import RunError, UserError
from primum.standard import load_standard
from primum.types import Intent, Request
from tests.fetch.filehost import FileHost, Page
from tests.fetch.hubhost import COMMIT, hub_page, listing_page, serve_hub

REPOSITORY = "made-up/some-name"
OTHER_COMMIT = "f" * 40
FIRST = load_standard().principles[0].id
LAST = load_standard().principles[-1].id


def load(place: Path | str, **columns: str) -> Loaded:
    return PLAIN.load(LoadOptions(folder=Path(place), columns=columns))


def complaint(place: Path | str, **columns: str) -> str:
    """What a person is told: one line."""
    with pytest.raises(UserError) as caught:
        load(place, **columns)
    assert len(str(caught.value).splitlines()) == 1
    return str(caught.value)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def table(folder: Path, content: str, name: str = "mine.csv") -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def test_a_file_with_the_column_text_needs_no_more(folder: Path) -> None:
    loaded = load(table(folder, "text\n request 1 \nrequest 2\n"))
    assert [row.request for row in loaded.rows] == [
        Request(text=text, intent=Intent.HARMFUL, category="uncategorised", dataset="plain")
        for text in ("request 1", "request 2")
    ]
    assert [row.place for row in loaded.rows] == ["mine.csv, row 1", "mine.csv, row 2"]
    assert {row.reference for row in loaded.rows} == {None}


def test_every_role_takes_what_its_column_holds(folder: Path) -> None:
    path = table(
        folder,
        "prompt,label,topic,scene,answer,row_id\n"
        "request 1,harmful,topic 1,scene 1,answer 1,a\n"
        "request 2,benign,topic 1,scene 1,answer 2,b\n"
        "request 3,unsafe,topic 2,scene 2,answer 3,c\n"
        "request 4,Safe,topic 2,scene 2,answer 4,d\n",
    )
    rows = load(
        path, text="prompt", intent="label", category="topic", pair="scene", reference="answer", id="row_id"
    ).rows
    assert [row.request.text for row in rows] == [f"request {number}" for number in range(1, 5)]
    assert [row.request.intent for row in rows] == [Intent.HARMFUL, Intent.BENIGN, Intent.HARMFUL, Intent.BENIGN]
    assert [row.request.category for row in rows] == ["topic 1", "topic 1", "topic 2", "topic 2"]
    assert [row.reference for row in rows] == ["answer 1", "answer 2", "answer 3", "answer 4"]
    pairs = [row.request.pair for row in rows]
    assert pairs[0] == pairs[1] != pairs[2] == pairs[3]


def test_principles_are_the_standards(folder: Path) -> None:
    path = table(folder, f"text,principle\nrequest 1,{FIRST}\nrequest 2, {LAST} \n")
    assert [row.request.category for row in load(path, principle="principle").rows] == [FIRST, LAST]


@pytest.mark.parametrize(
    ("word", "intent"),
    [("harmful", Intent.HARMFUL), ("unsafe", Intent.HARMFUL), ("benign", Intent.BENIGN), ("safe", Intent.BENIGN)],
)
def test_an_intent_may_be_one_word_for_all_rows(folder: Path, word: str, intent: Intent) -> None:
    path = table(folder, "text\nrequest 1\nrequest 2\n")
    assert {row.request.intent for row in load(path, intent=word).rows} == {intent}


def test_a_column_comes_before_a_word_of_the_same_name(folder: Path) -> None:
    path = table(folder, "text,benign\nrequest 1,harmful\n")
    assert load(path, intent="benign").rows[0].request.intent is Intent.HARMFUL


@pytest.mark.parametrize("value", ["1", "no", ""])
def test_a_column_called_harmful_is_not_read_unless_asked_for(folder: Path, value: str) -> None:
    """It may hold anything: a score, a yes or no."""
    path = table(folder, f"text,harmful\nrequest 1,{value}\n")
    assert [row.request.intent for row in load(path).rows] == [Intent.HARMFUL]


@pytest.mark.parametrize("word", ["toxic", "0", "harmful!"])
def test_another_word_for_an_intent_is_told_with_file_and_row(folder: Path, word: str) -> None:
    said = complaint(table(folder, f"text,label\nrequest 1,benign\nrequest 2,{word}\n"), intent="label")
    assert f"mine.csv, row 2: column 'label' says '{word}'. Allowed: benign, harmful, safe, unsafe." in said


def test_an_intent_that_is_neither_a_word_nor_a_column_is_told(folder: Path) -> None:
    assert "row 1: no column 'labels'; found: text, label" in complaint(
        table(folder, "text,label\nrequest 1,benign\n"), intent="labels"
    )


@pytest.mark.parametrize("role", ["", "txt", "Text", "split"])
def test_an_unknown_role_is_told_with_those_that_there_are(folder: Path, role: str) -> None:
    said = complaint(table(folder, "text\nrequest 1\n"), **{role: "text"})
    assert f"Unknown column role '{role}'" in said
    assert "Allowed: category, id, intent, pair, principle, reference, text" in said
    with pytest.raises(UserError, match="Unknown column role"):
        check_columns({role: "text"})


def test_a_near_miss_of_a_role_is_guessed() -> None:
    with pytest.raises(UserError, match="Did you mean 'category'"):
        check_columns({"catgory": "topic"})


def test_a_principle_and_a_category_do_not_go_together(folder: Path) -> None:
    assert "Keep one of them" in complaint(table(folder, "text\nrequest 1\n"), principle="a", category="b")


def test_roles_that_are_known_pass() -> None:
    check_columns({})
    check_columns(dict.fromkeys(("text", "intent", "category", "pair", "reference", "id"), "x"))


def test_an_unknown_principle_names_file_and_row_and_those_that_there_are(folder: Path) -> None:
    path = table(folder, f"text,principle\nrequest 1,{FIRST}\nrequest 2,{FIRST}s\n")
    said = complaint(path, principle="principle")
    assert f"mine.csv, row 2: Unknown principle '{FIRST}s'. Did you mean '{FIRST}'?" in said
    assert all(item.id in said for item in load_standard().principles)


def test_an_id_that_is_there_twice_names_both_rows(folder: Path) -> None:
    path = table(folder, "text,row_id\nrequest 1,a\nrequest 2,b\nrequest 3, a \n")
    assert "mine.csv, row 3: id 'a' is that of row 1 too" in complaint(path, id="row_id")


@pytest.mark.parametrize("role", ["text", "principle", "category", "pair", "reference", "id"])
def test_a_missing_column_names_file_and_row_and_those_that_there_are(folder: Path, role: str) -> None:
    said = complaint(table(folder, "text,label\nrequest 1,benign\n"), **{role: "nowhere"})
    assert "mine.csv, row 1: no column 'nowhere'; found: text, label" in said


@pytest.mark.parametrize("role", ["text", "intent", "principle", "category", "id"])
def test_an_empty_field_names_file_and_row(folder: Path, role: str) -> None:
    path = table(folder, f"text,more\nrequest 1,{FIRST if role == 'principle' else 'safe'}\nrequest 2, \n")
    assert "mine.csv, row 2: column 'more' is empty" in complaint(path, **{role: "more"})


def test_a_file_is_closed_when_one_of_its_rows_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = table(folder, "text\nrequest 1\n \nrequest 3\n")
    opened: list[IO[Any]] = []
    really = Path.open

    def watched(path: Path, *args: Any, **named: Any) -> IO[Any]:
        opened.append(really(path, *args, **named))
        return opened[-1]

    monkeypatch.setattr(Path, "open", watched)
    with pytest.raises(UserError, match="row 2") as caught:
        load(path)
    assert caught.traceback
    assert {file.closed for file in opened} == {True}


@pytest.mark.parametrize("absent", [None, ""])
def test_a_row_without_a_twin_or_a_reference_has_none(folder: Path, absent: str | None) -> None:
    rows = [{"text": "request 1", "pair": "a", "reference": "answer 1"}]
    rows += [{"text": f"request {number}", "pair": absent, "reference": absent} for number in (2, 3)]  # type: ignore[dict-item]
    found = load(table(folder, json.dumps(rows), "mine.json"), pair="pair", reference="reference").rows
    assert [row.reference for row in found] == ["answer 1", None, None]
    assert [row.request.pair is None for row in found] == [False, True, True]


def test_the_records_of_an_export_are_read_with_the_columns_of_their_names(folder: Path) -> None:
    """So that any data set, cleaned or changed by hand, comes back as a plain file."""
    rows = [
        Row(
            request=Request(text=f"request {number}", intent=intent, category="topic", dataset="any", pair=pair),
            place=f"any.csv, row {number}",
            reference=reference,
        )
        for number, intent, pair, reference in (
            (1, Intent.HARMFUL, "a", "answer 1"),
            (2, Intent.BENIGN, "a", None),
            (3, Intent.BENIGN, None, None),
        )
    ]
    path = table(folder, "".join(json.dumps(row_record(row)) + "\n" for row in rows), "mine.jsonl")
    roles = {role: role for role in ("text", "intent", "category", "pair", "reference", "id")}
    found = load(path, **roles).rows
    assert [row.request.text for row in found] == ["request 1", "request 2", "request 3"]
    assert [row.request.intent for row in found] == [row.request.intent for row in rows]
    assert [row.reference for row in found] == ["answer 1", None, None]
    assert found[0].request.pair == found[1].request.pair != found[2].request.pair is None


def test_rows_that_repeat_are_kept_as_rows_and_asked_once(folder: Path) -> None:
    loaded = load(table(folder, "text\nrequest 1\nrequest 1\n"))
    assert (len(loaded.rows), len(loaded.requests)) == (2, 1)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("mine.csv", "text\nrequest 1\nrequest 2\n"),
        ("mine.tsv", "text\nrequest 1\nrequest 2\n"),
        ("mine.jsonl", '{"text": "request 1"}\n{"text": "request 2"}\n'),
        ("mine.json", '[{"text": "request 1"}, {"text": "request 2"}]'),
        ("mine.txt", "request 1\nrequest 2\n"),
        ("MINE.TXT", "request 1\nrequest 2"),
    ],
)
def test_every_format_gives_the_same_requests(folder: Path, name: str, content: str) -> None:
    path = table(folder, content, name)
    assert [row.request.text for row in load(path).rows] == ["request 1", "request 2"]
    assert load(path) == load(path)


def test_the_identity_of_a_file_is_its_content(folder: Path) -> None:
    one, same = table(folder, "text\nrequest 1\n", "one.csv"), table(folder, "text\nrequest 1\n", "same.csv")
    other = table(folder, "text\nrequest 2\n", "other.csv")
    assert load(one).sha256 == load(same).sha256 != load(other).sha256
    assert [r.id for r in load(one).requests] == [r.id for r in load(same).requests]


def test_a_text_file_has_no_other_column_than_text(folder: Path) -> None:
    path = table(folder, "request 1\n", "mine.txt")
    assert "row 1: no column 'prompt'; found: text" in complaint(path, text="prompt")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("mine.txt", "", "holds no rows"),
        ("mine.jsonl", "\n", "holds no rows"),
        ("mine.json", "[]", "holds no rows"),
        ("mine.csv", "text\n", "holds no rows"),
        ("mine.csv", "", "is empty: not even a header"),
        ("mine.json", "", "not JSON"),
    ],
)
def test_an_empty_file_is_told(folder: Path, name: str, content: str, said: str) -> None:
    heard = complaint(table(folder, content, name))
    assert name in heard
    assert said in heard


def test_a_folder_is_told(folder: Path) -> None:
    (folder / "folder.csv").mkdir()
    for place in (folder, folder / "folder.csv"):
        assert f"{place} is a folder. Name one file" in complaint(place)


def test_a_file_that_is_missing_is_told(folder: Path) -> None:
    assert "none.csv (No such file" in complaint(folder / "none.csv")


def test_without_a_place_there_is_nothing_to_read() -> None:
    with pytest.raises(UserError, match="needs its place"):
        PLAIN.load(LoadOptions())


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("mine.csv", True),
        ("folder/MINE.JSONL", True),
        ("hf:owner/name", True),
        ("hf:", True),
        ("pairs", False),
        ("medsafetybench-llama3", False),
        ("mine.xlsx", False),
        ("csv", False),
    ],
)
def test_a_place_is_told_from_a_name_by_its_ending_or_its_host(text: str, place: bool) -> None:
    assert is_place(text) is place


FILES = {"data/rows.csv": b"text\nrequest 1\nrequest 2\n"}


@pytest.fixture
def hub(empty_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FileHost]:
    """The hub, with nothing on it, and a person without a token."""
    for name in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HF_TOKEN_PATH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HF_HOME", str(tmp_path / "no-token"))
    with FileHost() as host:
        monkeypatch.setenv("HF_ENDPOINT", host.address("/"))
        yield host


def texts(place: str, **columns: str) -> list[str]:
    return [row.request.text for row in load(place, **columns).rows]


def test_a_repository_with_one_data_file_is_read_at_the_commit_that_main_is_today(hub: FileHost) -> None:
    serve_hub(hub, REPOSITORY, {**FILES, "README.md": b"#", ".gitattributes": b"", ".hidden/old.csv": b"text\n"})
    assert texts(f"hf:{REPOSITORY}") == ["request 1", "request 2"]
    assert hub.paths() == [listing_page(REPOSITORY, "main"), hub_page(REPOSITORY, COMMIT, "data/rows.csv")]


def test_a_local_copy_gives_the_same_rows_as_the_hub(hub: FileHost, folder: Path) -> None:
    serve_hub(hub, REPOSITORY, FILES)
    assert load(f"hf:{REPOSITORY}") == load(table(folder, FILES["data/rows.csv"].decode(), "rows.csv"))


def test_the_file_of_a_commit_is_fetched_once_and_a_later_commits_again(hub: FileHost) -> None:
    serve_hub(hub, REPOSITORY, FILES)
    for _ in range(2):
        texts(f"hf:{REPOSITORY}")
    assert hub.paths().count(hub_page(REPOSITORY, COMMIT, "data/rows.csv")) == 1
    serve_hub(hub, REPOSITORY, {"data/rows.csv": b"text\nrequest 3\n"}, commit=OTHER_COMMIT)
    assert texts(f"hf:{REPOSITORY}") == ["request 3"]


@pytest.mark.parametrize("revision", ["v1.0", "main", COMMIT, "my-branch"])
@pytest.mark.parametrize("end", ["", "/data/rows.csv"])
def test_a_revision_and_a_file_may_be_named(hub: FileHost, revision: str, end: str) -> None:
    serve_hub(hub, REPOSITORY, {"data/rows.csv": b"text\nnot this one\n"}, commit=OTHER_COMMIT)
    serve_hub(hub, REPOSITORY, FILES, revisions=(revision,))
    assert texts(f"hf:{REPOSITORY}@{revision}{end}") == ["request 1", "request 2"]
    assert hub.paths()[-1] == hub_page(REPOSITORY, COMMIT, "data/rows.csv")


def test_columns_are_named_for_a_file_on_the_hub_as_for_any(hub: FileHost) -> None:
    serve_hub(hub, REPOSITORY, {"rows.jsonl": b'{"prompt": "request 1", "label": "safe"}\n'})
    found = load(f"hf:{REPOSITORY}", text="prompt", intent="label").rows[0].request
    assert (found.text, found.intent) == ("request 1", Intent.BENIGN)
    assert "rows.jsonl, row 1: no column 'text'; found: prompt, label" in complaint(f"hf:{REPOSITORY}")


def test_a_repository_with_several_data_files_lists_what_can_be_named(hub: FileHost) -> None:
    serve_hub(hub, REPOSITORY, {"a.csv": b"text\nrequest 1\n", "b/b c.jsonl": b"", "README.md": b""})
    said = complaint(f"hf:{REPOSITORY}")
    assert f"'{REPOSITORY}' holds 2 data files; name one: hf:{REPOSITORY}/a.csv, hf:{REPOSITORY}/b/b c.jsonl" in said
    assert texts(f"hf:{REPOSITORY}/a.csv") == ["request 1"]


def test_the_places_that_are_listed_keep_the_revision_that_was_asked_for(hub: FileHost) -> None:
    """They will be copied as they stand."""
    serve_hub(hub, REPOSITORY, {"a.csv": b"", "b.csv": b""}, revisions=("v1.0",))
    assert f"hf:{REPOSITORY}@v1.0/a.csv" in complaint(f"hf:{REPOSITORY}@v1.0")


def test_very_many_data_files_are_not_all_listed(hub: FileHost) -> None:
    serve_hub(hub, REPOSITORY, {f"rows-{number:03}.csv": b"" for number in range(200)})
    said = complaint(f"hf:{REPOSITORY}")
    assert "holds 200 data files" in said
    assert said.count("hf:") == 12


@pytest.mark.parametrize("files", [{}, {"README.md": b"", "data.zip": b""}], ids=["empty", "other formats"])
def test_a_repository_without_a_data_file_is_told(hub: FileHost, files: Mapping[str, bytes]) -> None:
    serve_hub(hub, REPOSITORY, files)
    assert "holds 0 data files; name one: none of a known format is there" in complaint(f"hf:{REPOSITORY}")


def test_an_unknown_file_is_told_with_the_nearest(hub: FileHost) -> None:
    serve_hub(hub, REPOSITORY, FILES)
    said = complaint(f"hf:{REPOSITORY}/data/row.csv")
    assert f"Unknown file of '{REPOSITORY}' 'data/row.csv'. Did you mean 'data/rows.csv'?" in said


def test_a_named_file_of_no_known_format_is_told(hub: FileHost) -> None:
    serve_hub(hub, REPOSITORY, {"data.zip": b"PK"})
    assert "of no known format. Allowed: .csv" in complaint(f"hf:{REPOSITORY}/data.zip")


@pytest.mark.parametrize("place", ["hf:", "hf:name", "hf:owner/", "hf:/name", "hf:a:b/c", "hf:owner/name@"])
def test_what_is_no_place_on_the_hub_is_told_with_how_to_write_it(hub: FileHost, place: str) -> None:
    assert "is no place on the hub. Write hf:OWNER/NAME" in complaint(place)
    assert hub.visits == []


@pytest.mark.parametrize("place", ["hf:owner/name?x=1", "hf:owner/na#me", "hf:owner/..", "hf:ow ner/name"])
def test_a_name_that_no_repository_can_have_is_not_asked_for(hub: FileHost, place: str) -> None:
    """The hub allows letters, digits and ``-_.``; anything else would ask for another page."""
    assert "is no place on the hub" in complaint(place)
    assert hub.visits == []


def test_an_unknown_repository_or_revision_is_told(hub: FileHost) -> None:
    serve_hub(hub, REPOSITORY, FILES)
    assert "no data set 'made-up/other' at revision 'main' (HTTP 404)" in complaint("hf:made-up/other")
    assert f"no data set '{REPOSITORY}' at revision 'v9' (HTTP 404)" in complaint(f"hf:{REPOSITORY}@v9")


def test_a_closed_repository_opens_to_the_token(hub: FileHost, monkeypatch: pytest.MonkeyPatch) -> None:
    serve_hub(hub, REPOSITORY, FILES, token="made-up-token")
    assert "HTTP 401" in complaint(f"hf:{REPOSITORY}")
    monkeypatch.setenv("HF_TOKEN", "made-up-token")
    assert texts(f"hf:{REPOSITORY}") == ["request 1", "request 2"]


def test_a_file_that_comes_from_another_commit_than_the_listing_is_refused(hub: FileHost, empty_cache: Path) -> None:
    serve_hub(hub, REPOSITORY, FILES)
    headers = {"X-Repo-Commit": OTHER_COMMIT}
    hub.put(hub_page(REPOSITORY, COMMIT, "data/rows.csv"), b"text\nrequest 9\n", headers=headers)
    with pytest.raises(RunError, match=f"from commit {OTHER_COMMIT[:12]}, not from the pinned {COMMIT[:12]}"):
        load(f"hf:{REPOSITORY}")
    assert [path.name for path in empty_cache.rglob("*") if path.is_file()] == [".lock"]


def test_a_hub_that_is_down_is_a_failed_run_and_no_mistake_of_the_user(hub: FileHost) -> None:
    hub.pages[listing_page(REPOSITORY, "main")] = Page(body=b"", token="none", closed=503)
    with pytest.raises(RunError, match="The hub does not answer"):
        load(f"hf:{REPOSITORY}")


def test_a_download_reports_its_progress(hub: FileHost) -> None:
    serve_hub(hub, REPOSITORY, FILES)
    calls: list[tuple[str, int, int]] = []
    PLAIN.load(LoadOptions(folder=Path(f"hf:{REPOSITORY}"), progress=lambda *call: calls.append(call)))
    size = len(FILES["data/rows.csv"])
    assert calls == [("rows.csv", size, size)]
