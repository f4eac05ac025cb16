"""The browser's server: what it answers, and what it refuses."""

import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import httpx
import pytest

from copydesk.warehouse.schema import connect, migrate
from tests.conftest import ARTICLES, copydesk, dump, rows
from tests.flows.ui.ui_server import Server, serving

ODD = (
    *("0", "-1", "1e9", "999999", "99999999999999999999", "٣", "NaN", "null", "true", "[]", "%", "%00", "\\", "/"),
    *("'", '"', "';DROP TABLE documents;--", "' OR 1=1 --", "<script>alert(1)</script>", "{{7*7}}", "${7*7}"),
    *("\x00", "a\x00b", "\u202e", "\ufeff", "\ud7ff", "🙂", "é" * 300, "x" * 10_000, " ".join("abcdefghijklmnopq")),
    *("2026-02-30", "0000-00-00", "9999-12-31", "2026-1-1", "../../etc/passwd", "e3b0c44298fc1c14", "*", "(?:a+)+$"),
)  # fmt: skip
PARAMETERS = {
    "/search": ("q", "source", "lang", "from", "to", "story", "entity", "page"),
    "/stories": ("q", "order", "all", "page"),
    "/entities": ("q", "label", "page"),
    "/quarantine": ("stage", "expectation", "page"),
}
HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
}


@pytest.fixture(scope="module")
def server(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return a server over the sample articles and a small report."""
    home = Path(shutil.copytree(sample_home, tmp_path_factory.mktemp("served") / "home"))
    write_small_report(home)
    with serving(home) as started:
        yield started


def write_small_report(home: Path) -> None:
    """Write a report that has a policy, a style and a script of its own."""
    (home / "reports").mkdir(exist_ok=True)
    (home / "reports" / "index.html").write_text(
        '<!doctype html><meta http-equiv="Content-Security-Policy" content="style-src \'unsafe-inline\'">'
        "<title>still</title><style>body { color: rgb(1, 2, 3) }</style><script>document.title = 'ran'</script>"
    )


@pytest.fixture
def own_home(sample_home: Path, tmp_path: Path) -> Path:
    """Return a home of the sample articles that may be written to."""
    return Path(shutil.copytree(sample_home, tmp_path / "own"))


def first_ids(home: Path) -> dict[str, str]:
    """Return the ids of one document, story, entity, merged document and rejected record."""
    sql = {
        "doc": "SELECT doc_id FROM articles ORDER BY doc_id",
        "story": "SELECT story_id FROM stories ORDER BY n_documents DESC, story_id",
        "entity": "SELECT entity_id FROM entities ORDER BY n_documents DESC, entity_id",
        "merged": "SELECT doc_id FROM duplicates WHERE doc_id <> canonical_doc_id ORDER BY doc_id",
        "rejected": "SELECT doc_id FROM quarantine WHERE expectation = 'text_has_words'",
    }
    return {name: str(rows(home, query)[0][0]) for name, query in sql.items()}


def every_path(home: Path) -> list[str]:
    """Return a path of every kind of page."""
    of = first_ids(home)
    return [
        *("/", "/search", "/search?q=harbour", "/stories", "/stories?all=1", "/entities", "/quarantine"),
        *(f"/documents/{of[name]}" for name in ("doc", "merged")),
        *(f"/documents/{of[name]}/proof" for name in ("doc", "merged", "rejected")),
        f"/stories/{of['story']}",
        f"/entities/{of['entity']}",
        *("/reports/", "/static/ui.css", "/static/icon.svg"),
    ]


def test_every_page_is_there_and_every_link_on_it_leads_somewhere(server: Server, sample_home: Path) -> None:
    seen: dict[str, int] = {}
    for path in every_path(sample_home):
        page = server.get(path)
        assert page.status_code == 200, path
        for link in re.findall(r'href="(/[^"#]*)', page.text):
            target = link.replace("&amp;", "&")
            seen.setdefault(target, -1)
    for target in seen:
        seen[target] = server.client.get(target, follow_redirects=True).status_code
    assert {target: status for target, status in seen.items() if status != 200} == {}
    assert len(seen) > 60


def test_every_answer_carries_the_security_headers(server: Server, sample_home: Path) -> None:
    wrong = [
        *every_path(sample_home),
        "/nope",
        "/documents/zz",
        "/search?page=0",
        "/reports/nope.html",
        "/reports",
    ]
    for path in wrong:
        answer = server.get(path)
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS, path
        policy = answer.headers.get_list("content-security-policy")
        assert len(policy) == 1
        assert policy[0].startswith("default-src 'none'; ")
        assert "frame-ancestors 'none'; base-uri 'none'" in policy[0]
        is_file = answer.status_code == 200 and ("proof" in path or path == "/reports/")
        assert ("script-src 'sha256-" in policy[0]) == ("script" in policy[0]) == is_file
        assert ("unsafe" in policy[0]) == is_file, path


def test_the_report_keeps_its_own_policy(server: Server) -> None:
    assert '<meta http-equiv="Content-Security-Policy"' in server.get("/reports/").text


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example", "[::1]", ""]
)
def test_another_host_is_refused(server: Server, host: str) -> None:
    answer = server.client.get("/", headers={"host": host})
    assert answer.status_code == 400
    assert "frame-ancestors" in answer.headers["content-security-policy"]


def test_localhost_is_another_name_of_it(server: Server) -> None:
    port = server.address.rsplit(":", 1)[1]
    assert server.client.get("/", headers={"host": f"localhost:{port}"}).status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/search", *(pytest.param(path, marks=pytest.mark.nightly) for path in PARAMETERS if path != "/search")],
)
def test_odd_parameters_get_a_friendly_answer(server: Server, path: str) -> None:
    for number, name in enumerate(PARAMETERS[path]):
        for value in ODD if number == 0 else ODD[number :: len(PARAMETERS[path])]:
            answer = server.get(path, **{name: value})
            assert answer.status_code in {200, 400, 404}, (name, value, answer.text)
            assert "Traceback" not in answer.text
            assert "<script" not in answer.text
            assert "\u202e" not in answer.text, (name, value)
            assert "<h1" in answer.text
    assert server.client.get(f"{path}?{path[1]}=%ff%fe&page=1&page=x").status_code in {200, 400}


@pytest.mark.parametrize("kind", ["documents", "stories", "entities", "retries", "reports", "static"])
def test_odd_paths_get_a_friendly_answer(server: Server, kind: str) -> None:
    for value in (
        "0" * 32,
        "zz",
        "A" * 32,
        "%00",
        "%2e%2e%2f%2e%2e%2fcopydesk.duckdb",
        "a" * 5000,
        "'",
        "🙂",
        "-1",
        "9" * 40,
    ):
        answer = server.get(f"/{kind}/{value}")
        assert answer.status_code == 404, (kind, value)
        assert "Traceback" not in answer.text
        assert "<h1>Not found</h1>" in answer.text
    assert server.client.put("/quarantine/retry", headers={"origin": server.address}).status_code == 405


def test_a_search_finds_words_whatever_their_case_and_accents(server: Server) -> None:
    for query in ("adele fournier", "ADÈLE", '"adèle   fournier"'.replace("   ", " ")):
        page = server.get("/search", q=query).text
        assert "<mark>" in page, query
        assert "Adèle" in page
    assert "No articles." in server.get("/search", q="zzqqzz").text


def form(server: Server) -> tuple[str, list[str]]:
    """Return the token and the ids of the form that retries all."""
    page = server.get("/quarantine").text
    token = re.findall(r'name="token" value="([^"]+)"', page)
    return token[0], sorted(set(re.findall(r'name="doc" value="([^"]+)"', page)))


def test_a_retry_needs_the_token_the_origin_and_known_records(server: Server) -> None:
    token, ids = form(server)
    own = {"origin": server.address}
    post = server.client.post
    assert post("/quarantine/retry", data={"token": token, "doc": ids}).status_code == 403
    for origin in ("null", "https://evil.example", server.address.replace("127.0.0.1", "localhost")):
        headers = {"origin": origin}
        assert (
            post("/quarantine/retry", data={"token": token, "doc": ids}, headers=headers).status_code == 403
        )
    for wrong in ("", "x", token[:-1], token + "x", "é"):
        assert post("/quarantine/retry", data={"token": wrong, "doc": ids}, headers=own).status_code == 403
    assert post("/quarantine/retry", data={"doc": ids}, headers=own).status_code == 403
    for docs in ([], ["--help"], ["x' OR 1"], ids * 20 + [f"{n:032x}" for n in range(30)]):
        assert post("/quarantine/retry", data={"token": token, "doc": docs}, headers=own).status_code == 400
    assert post("/quarantine/retry", data={"token": token, "doc": ["0" * 32]}, headers=own).status_code == 409
    assert post("/quarantine/retry", content=b"x" * 20_000, headers=own).status_code == 413
    assert server.get("/quarantine/retry").status_code == 405
    assert server.get("/retries/1").status_code == 404


@pytest.mark.nightly
def test_a_retry_is_a_run_of_its_own_whose_end_is_shown(own_home: Path) -> None:
    before = rows(own_home, "SELECT count(*) FROM runs")
    with serving(own_home) as server:
        token, ids = form(server)
        answer = server.client.post(
            "/quarantine/retry", data={"token": token, "doc": ids}, headers={"origin": server.address}
        )
        assert (answer.status_code, answer.headers["location"]) == (303, "/retries/1")
        page = server.get("/retries/1").text
        assert '<meta http-equiv="refresh"' in page
        second = server.client.post(
            "/quarantine/retry", data={"token": token, "doc": ids[:1]}, headers={"origin": server.address}
        )
        # The retry may hold the warehouse already, or be told to be under way.
        assert (second.status_code, second.headers.get("location")) in {
            (303, "/retries/1?other=1"),
            (503, None),
        }
        for _ in range(240):
            page = server.get("/retries/1").text
            if "Exit code" in page:
                break
            time.sleep(0.5)
        assert "Exit code 0" in page
        assert 'http-equiv="refresh"' not in page
        assert "quarantined" in page
        assert server.get("/quarantine").status_code == 200
    assert rows(own_home, "SELECT count(*) FROM runs") == [(before[0][0] + 1,)]
    assert rows(own_home, "SELECT count(*) FROM quarantine WHERE state = 'rejected'") == [(len(ids),)]
    assert rows(own_home, "SELECT count(*) FROM quarantine WHERE state = 'retried'") == [(len(ids),)]


def test_a_run_loads_while_the_server_is_up_and_the_server_waits_for_it(
    own_home: Path, tmp_path: Path, article: Callable[..., str]
) -> None:
    (tmp_path / "new.txt").write_text(article(7))
    with serving(own_home) as server:
        assert server.get("/search", q="mend pier 7").text.count("<mark>") == 0
        loaded = copydesk(own_home, "run", str(tmp_path / "new.txt"), "--direct")
        assert loaded.returncode == 0, loaded.stderr
        assert server.get("/search", q="mend pier 7").text.count("<mark>") > 0
        with duckdb.connect(own_home / "copydesk.duckdb"):
            busy = server.get("/")
            assert (busy.status_code, busy.headers["retry-after"]) == (503, "3")
            assert '<meta http-equiv="refresh" content="3">' in busy.text
            assert server.get("/static/ui.css").status_code == 200
        assert server.get("/").status_code == 200


def test_a_warehouse_that_is_gone_or_of_an_earlier_version_is_said_to_be(own_home: Path) -> None:
    with serving(own_home) as server:
        with duckdb.connect(own_home / "copydesk.duckdb") as connection:
            connection.execute("DROP VIEW entity_aliases; ALTER TABLE stories RENAME TO olden")
        answer = server.get("/stories")
        assert (answer.status_code, "brings it up to date" in answer.text) == (500, True)
        assert "Traceback" not in answer.text
        (own_home / "copydesk.duckdb").unlink()
        answer = server.get("/")
        assert (answer.status_code, "no warehouse at" in answer.text) == (503, True)


def test_an_empty_warehouse_has_pages_too(home: Path) -> None:
    home.mkdir()
    with connect(home / "copydesk.duckdb") as connection:
        migrate(connection)
    with serving(home) as server:
        for path in ("/", "/search", "/search?q=a", "/stories", "/entities", "/quarantine"):
            assert server.get(path).status_code == 200, path
        assert server.get("/reports/").status_code == 404


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_at_once_and_quietly(sample_home: Path, number: signal.Signals) -> None:
    with serving(sample_home) as server:
        assert server.get("/").status_code == 200
        idle = socket.create_connection(("127.0.0.1", int(server.address.rsplit(":", 1)[1])))
        server.process.send_signal(number)
        out, err = server.process.communicate(timeout=20)
        idle.close()
        assert (server.process.returncode, out, err) == (0, "", "")


def test_its_end_ends_a_retry_that_runs_and_leaves_the_warehouse_as_it_was(own_home: Path) -> None:
    before = dump(own_home)
    with serving(own_home) as server:
        token, ids = form(server)
        server.client.post(
            "/quarantine/retry", data={"token": token, "doc": ids}, headers={"origin": server.address}
        )
        threads = Path(f"/proc/{server.process.pid}/task").glob("*/children")
        children = [pid for thread in threads for pid in thread.read_text(encoding="ascii").split()]
        assert len(children) == 1
        server.process.send_signal(signal.SIGTERM)
        server.process.communicate(timeout=20)
        assert server.process.returncode == 0
        assert not Path(f"/proc/{children[0]}").exists()
    assert dump(own_home) == before


def test_a_browser_is_told_the_address(sample_home: Path, tmp_path: Path) -> None:
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {tmp_path}/told\n')
    browser.chmod(0o755)
    with serving(sample_home, "--open", BROWSER=f"{browser} %s") as server:
        for _ in range(100):
            if (tmp_path / "told").exists() and (tmp_path / "told").read_text():
                break
            time.sleep(0.1)
        assert (tmp_path / "told").read_text() == f"{server.address}/\n"


def test_it_listens_on_this_machine_alone(server: Server) -> None:
    port = int(server.address.rsplit(":", 1)[1])
    table = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
    addresses = {line.split()[1] for line in table if line.split()[3] == "0A"}
    assert f"0100007F:{port:04X}" in addresses
    assert f"00000000:{port:04X}" not in addresses
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://127.0.0.2:{port}/", trust_env=False)


def test_help_imports_no_server() -> None:
    code = (
        "import sys; from typer.testing import CliRunner; from copydesk.flows.cli.main import app; "
        "result = CliRunner().invoke(app, ['ui', '--help']); assert 'local web UI' in result.output; "
        "assert not {'uvicorn', 'starlette', 'fastapi', 'prefect'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ARTICLES.parent)
