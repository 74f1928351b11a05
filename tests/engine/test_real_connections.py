"""The embedded model asked in the three ways that users have: in process, over HTTP, and by Inspect's own command."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import primum
from primum.models import LocalEngine, resolve_local
from primum.types import Finish

pytestmark = pytest.mark.model

FEW: dict[str, Any] = {"limit": 4, "max_tokens": 12}


@pytest.fixture
def server() -> Iterator[str]:
    """An OpenAI-compatible server on loopback that serves the embedded model."""
    engine = LocalEngine(resolve_local("gguf/smollm2-135m"))
    assert engine.address.startswith("http://127.0.0.1:")
    yield engine.address
    engine.close()


def test_a_model_behind_http_gives_the_answers_of_the_model_in_process(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOOPBACK_API_KEY", "none")
    monkeypatch.setenv("LOOPBACK_BASE_URL", server)
    over_http = primum.evaluate("openai-api/loopback/smollm2-135m", out=tmp_path / "http", **FEW)
    in_process = primum.evaluate("gguf/smollm2-135m", out=tmp_path / "local", **FEW)
    texts = [{item.request_id: item.text.strip() for item in run.responses} for run in (over_http, in_process)]
    assert texts[0] == texts[1]
    assert {item.finish for item in over_http.responses} <= {Finish.STOP, Finish.LENGTH}
    assert all(item.usage.output_tokens for item in over_http.responses)


def test_a_dead_server_stops_the_run_with_one_line_and_keeps_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOOPBACK_API_KEY", "none")
    monkeypatch.setenv("LOOPBACK_BASE_URL", "http://127.0.0.1:9/v1")
    with pytest.raises(primum.RunError, match="stopped answering"):
        primum.evaluate("openai-api/loopback/any", out=tmp_path / "run", max_retries=0, **FEW)
    assert (tmp_path / "run" / "requests.jsonl").exists()


def test_inspect_runs_our_task_on_our_model_and_reads_the_log(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    inspect = [sys.executable, "-m", "inspect_ai"]
    done = subprocess.run(
        [*inspect, "eval", "primum/pairs", "--model", "gguf/smollm2-135m", "-T", "limit_requests=4",
         "-T", "max_tokens=12", "--display", "plain", "--log-dir", str(logs), "--log-format", "json"],
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    log = json.loads(next(logs.glob("*.json")).read_text(encoding="utf-8"))
    assert log["status"] == "success"
    names = {metric for score in log["results"]["scores"] for metric in score["metrics"]}
    assert {"harm_rate", "denial_rate", "incoherence_rate"} <= names


def test_inspect_opens_the_logs_of_a_run_folder(tmp_path: Path) -> None:
    from inspect_ai.log import list_eval_logs, read_eval_log

    run = primum.evaluate("gguf/smollm2-135m", out=tmp_path / "run", **FEW)
    logs = list_eval_logs(str(run.path / "logs"))
    samples = [sample for info in logs for sample in read_eval_log(info).samples or []]
    assert {str(sample.id) for sample in samples} == {request.id for request in run.requests}
