"""Records to files and back: the only reader and writer of run folders.

A run folder holds everything that one evaluation did::

    config.toml             the resolved configuration; its hash is in the folder's name
    manifest.json           versions, hashes and seeds of all that could change a number
    requests.jsonl          what was asked, in order
    responses.jsonl         the model's raw answers, appended as they come
    questions.jsonl         in an exam: choices and right answer of each request, in the same order
    marks.jsonl             in an exam: the choice that each answer makes, and whether it is right
    likelihoods.jsonl       by likelihood: how likely the model holds letters or reference answers
    judgements/NAME.jsonl   one file for each judge, with the judge's raw words
    labels.jsonl            what people say of some of the answers, if anybody was asked
    estimates/NAME.json     the numbers that follow, for each judge; NAME.corrected.json where labels or a record allow it
    validation/NAME.json    what people's labels elsewhere say of the judge, if a record was given
    report.html             the same for a reader
    logs/                   Inspect's logs of the conversations (open with `inspect view`)
"""

from primum.store.jsonl import AppendLog, read_records
from primum.store.records import from_json, to_json
from primum.store.run_folder import FORMAT, RunFolder
from primum.store.write import write_text

__all__ = ["FORMAT", "AppendLog", "RunFolder", "from_json", "read_records", "to_json", "write_text"]
