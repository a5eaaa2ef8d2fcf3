# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""The command ``mcp-operator validate``."""

from __future__ import annotations

import dataclasses
import io
import json
import sys
import time
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
import yaml
from mcp_operator._vendor._mcp.formats.formats import ServerReport, as_junit, as_text
from mcp_operator._vendor._mcp.report.report import Issue, Listing, Report, Revision
from mcp_operator.cli.main import main
from mcp_operator.cli.progress import Progress

ROOT = Path(__file__).resolve().parents[4]
sys.path.insert(0, str(ROOT / "tests" / "servers"))

from zoo.fake_servers import tokens  # noqa: E402
from zoo.fake_servers.all import FAKE_SERVERS  # noqa: E402
from zoo.run import HOST, Zoo  # noqa: E402

GOOD, BAD, GUARDED = "correct-streamable-2025-11-25", "html", "auth-without-challenge"
VISITED = (GOOD, BAD, GUARDED, "auth-good-token", "call-of-a-tool", "token-by-basic", "never-answers", "correct-tls")


@pytest.fixture(scope="module")
def zoo(tmp_path_factory):
    with Zoo(
        [fake_server for fake_server in FAKE_SERVERS if fake_server.name in VISITED], tmp_path_factory.mktemp("zoo")
    ) as zoo:
        yield zoo


@pytest.fixture
def url(zoo):
    return lambda name, scheme="http": f"{scheme}://{HOST}:{zoo.ports[name]}"


@pytest.fixture
def validate(capsys):
    """Run the command; return its exit code, standard output and standard error."""

    def run(*arguments):
        try:
            code = main(["validate", *arguments])
        except SystemExit as ended:
            code = ended.code
        written = capsys.readouterr()
        return code, written.out, written.err

    return run


@pytest.mark.parametrize(
    ("names", "code"),
    [((GOOD,), 0), ((GOOD, BAD), 1), ((GUARDED,), 3), ((GOOD, GUARDED), 3), ((GUARDED, BAD), 1)],
)
def test_the_exit_code_is_the_worst_report(validate, url, names, code):
    assert validate(*[url(name) for name in names])[0] == code


def test_text_says_what_is_there_and_what_is_wrong(validate, url):
    _code, out, err = validate(url(GOOD), url(BAD))
    assert f"PASS  {url(GOOD)}/mcp\n  protocol           2025-11-25\n" in out
    assert "  tools              3  feed, count, weigh\n" in out
    assert f"FAIL  {url(BAD)}\n" in out
    assert "  error   NOT_MCP: The HTTP response is text/html" in out
    assert "Check host, port and path" in out
    assert out.endswith("\n1 of 2 servers comply with MCP.\n")
    assert err == ""


def test_json_has_a_report_for_each(validate, url):
    code, out, _err = validate(url(GOOD), url(GUARDED), "--format", "json")
    told = json.loads(out)
    assert (code, told["compliant"]) == (3, None)
    assert [report["name"] for report in told["reports"]] == [url(GOOD), url(GUARDED)]
    assert [report["compliant"] for report in told["reports"]] == [True, None]
    assert told["reports"][0]["tools"]["names"] == ["feed", "count", "weigh"]


def test_yaml_is_the_same_as_json_and_text_as_table(validate, url):
    written = [validate(url(BAD), "-o", name)[1] for name in ("json", "yaml", "table", "text")]
    found = [parse(text) for parse, text in zip((json.loads, yaml.safe_load), written, strict=False)]
    for report in (one["reports"][0] for one in found):
        report.pop("timings", None)
        report.pop("duration", None)
    assert found[0] == found[1]
    assert [text.splitlines()[0] for text in written[2:]] == [f"FAIL  {url(BAD)}"] * 2


def test_junit_has_a_case_for_each(validate, url, tmp_path):
    file = tmp_path / "mcp.xml"
    code, out, _err = validate(url(GOOD), url(BAD), url(GUARDED), "--format", "junit", "--output", str(file))
    assert (code, out) == (1, "")
    root = ET.parse(file).getroot()
    assert {name: root.get(name) for name in ("tests", "failures", "skipped", "errors")} == {
        "tests": "3",
        "failures": "1",
        "skipped": "1",
        "errors": "0",
    }
    cases = root.findall("testsuite/testcase")
    assert [case.get("name") for case in cases] == [url(GOOD), url(BAD), url(GUARDED)]
    assert [[child.tag for child in case] for case in cases] == [
        ["system-out"],
        ["failure", "system-out"],
        ["skipped", "system-out"],
    ]
    failure = cases[1].find("failure")
    assert failure is not None
    assert failure.get("type") == "NOT_MCP"


def test_what_a_server_says_breaks_no_format():
    odd = "]]>&<\x00\x1b[31m\ufffe\u202e\ud800"
    report = Report(
        compliant=False,
        server_info={"name": "x", "version": "1"},
        tools=Listing(1, ("n",), truncated=True),
        issues=(Issue("NOT_MCP", "error", "m", "s", "a"),),
    )
    report = ServerReport(f"http://h/{odd}", report)
    root = ET.fromstring(as_junit([report]))
    assert root.find("testsuite/testcase") is not None
    assert "\x1b" not in as_text([report])
    assert "tools              1  n, ..." in as_text([report])


def test_the_advice_of_issues_with_the_same_code_is_written_once():
    issues = tuple(Issue("INVALID_TOOL", "error", f"tools[{number}] is bad.", "spec", "Fix it.") for number in range(3))
    text = as_text([ServerReport("http://h/", Report(compliant=False, issues=issues, not_checked=("GET_UNEXPECTED",)))])
    assert text.count("INVALID_TOOL: tools[") == 3
    assert (text.count("spec"), text.count("Fix it.")) == (1, 1)
    assert "  not checked        GET_UNEXPECTED: the time ran out\n" in text


def test_options_reach_the_validator(validate, url):
    call = ["--call-tool", "feed", "--tool-arguments", '{"who": "lion"}']
    assert validate(url("call-of-a-tool"), *call, "--expect", "tool_call.is_error == `false`")[0] == 0
    code, out, _err = validate(url(GOOD), "--require", "completions", "--expect", "tools.count > `5`")
    assert code == 1
    assert "MISSING_CAPABILITY" in out
    assert "EXPECTATION_FAILED: tools.count > `5` does not hold: found 3." in out
    assert validate(url(GOOD), "--transport", "sse")[0] == 1
    code, out, _err = validate(url("never-answers"), "--timeout", "0.3")
    assert (code, "TIMEOUT" in out) == (1, True)


def test_authorities(validate, url, zoo):
    assert validate(url("correct-tls", "https"), "--ca-cert", zoo.authority)[0] == 0
    code, out, _err = validate(url("correct-tls", "https"))
    assert (code, "TLS_VERIFY_FAILED" in out) == (1, True)
    assert validate(url("correct-tls", "https"), "--no-verify")[0] == 0


def test_secrets_come_from_the_environment_and_are_not_shown(validate, url, monkeypatch):
    monkeypatch.setenv("TOKEN", "good\n")
    monkeypatch.setenv("KEY", "hush-hush")
    monkeypatch.setenv("SECRET", tokens.SECRET)
    assert validate(url("auth-good-token"), "--bearer-token", "TOKEN", "--header", "X-Key=KEY")[0] == 0
    base = url("token-by-basic")
    given = ["--client-secret", "SECRET", "--token-url", f"{base}/token", "--format", "json"]
    assert validate(base, "--client-id", tokens.ID, *given)[0] == 0
    code, out, err = validate(base, "--client-id", "another", *given)
    assert (code, "AUTH_TOKEN_FAILED" in out) == (1, True)
    assert tokens.SECRET not in out + err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "There is no server to validate. Give names of MCPServers, URLs, or --targets FILE."),
        (["ftp://h/"], "The scheme 'ftp' is not supported."),
        (["http://h/", "--format", "xml"], "invalid choice: 'xml'"),
        (["http://h/", "--tool-arguments", "[]"], "no JSON object"),
        (["http://h/", "--tool-arguments", "{}"], "without --call-tool"),
        (["http://h/", "--bearer-token", "NOT_THERE"], "--bearer-token-env takes the name of an environment variable"),
        (["localhost:8080/mcp"], "Give http://localhost:8080/mcp."),
        (["http://h/", "h:1"], "URL number 2: The URL does not begin with http:// or https://."),
        (["http://h/", "h"], "h is the name of an MCPServer, and others are URLs."),
        (["team/h", "--deep"], "--deep is given with an MCPServer."),
        (["h", "--header", "X-Key=KEY"], "--header is given with an MCPServer."),
        (["http://h/", "-n", "team"], "--namespace is given without an MCPServer."),
        (["http://h/", "-o", "xml"], "--output xml is not a format. Use one of table, json, yaml, junit, sarif"),
        (["http://h/", "--header", "X-Key"], "not of the form NAME=VARIABLE"),
        (["http://h/", "--client-id", "x"], "without --client-secret"),
        (["http://h/", "--issuer", "https://h"], "--issuer is given without --client-id"),
        (["http://h/", "--expect", "tools."], "is not a JMESPath expression"),
        (["http://h/", "--concurrency", "0"], "concurrency is 0"),
        (["http://h/", "--timeout", "nan"], "timeout is nan"),
    ],
)
def test_arguments_that_make_no_sense(validate, arguments, said):
    code, out, err = validate(*arguments)
    assert (code, out) == (2, "")
    assert said in err


@pytest.mark.parametrize(
    "arguments",
    [
        ["--bearer-token", "eyJhbGciOi.secret"],
        ["--bearer-token-env", "eyJhbGciOi.secret"],
        ["--header", "X-Key=eyJhbGciOi.secret"],
        ["--client-id", "x", "--client-secret", "eyJhbGciOi.secret"],
    ],
)
def test_a_secret_in_place_of_a_variable_is_not_repeated(validate, arguments):
    code, out, err = validate("http://h/", *arguments)
    assert code == 2
    assert "eyJ" not in out + err


def test_usage_errors_speak_of_urls(validate):
    code, _out, err = validate("http://h/", "--timeout", "-1")
    assert (code, "targets[" in err) == (2, False)
    code, _out, err = validate("user:hush@h/")
    assert (code, "hush" in err) == (2, False)


def test_a_file_that_cannot_be_written(validate, url, tmp_path):
    code, _out, err = validate(url(GOOD), "--output", str(tmp_path / "missing" / "file"))
    assert code == 2
    assert "cannot be written" in err


def test_help_names_every_option_and_exit_code(validate):
    code, out, _err = validate("--help")
    assert code == 0
    for said in ("-o {table,json,yaml,junit,sarif}", "exit codes:", "--bearer-token-env VARIABLE"):
        assert said in out


def test_progress_is_written_in_lines(monkeypatch):
    monkeypatch.setattr("mcp_operator.cli.progress._INTERVAL", 0.01)
    stream = io.StringIO()
    with Progress(stream, 2) as progress:
        progress.advance()
        deadline = time.monotonic() + 10
        while "1 of 2" not in stream.getvalue() and time.monotonic() < deadline:
            time.sleep(0.01)
    assert "1 of 2 servers validated after 0 s\n" in stream.getvalue()


def test_text_says_what_differs_at_the_other_revision():
    tools = Listing(2, ("a", "b"), truncated=False)
    first = Revision("2025-11-25", {"name": "x", "version": "1"}, capabilities=("tools", "logging"), tools=tools)
    other = Revision(
        "2026-07-28",
        {"name": "x", "version": "2"},
        capabilities=("tools",),
        tools=Listing(2, ("b", "c"), truncated=False),
        differs=("server_info", "capabilities", "tools"),
    )
    text = as_text([ServerReport("http://h/", Report(compliant=True, revisions=(first, other)))])
    assert "\n  at 2026-07-28      server info: x 2\n" in text
    assert "\n                     capabilities: not logging\n" in text
    assert "\n                     tools: 2, also c, not a\n" in text
    same = Report(compliant=True, revisions=(first, dataclasses.replace(first, protocol_version="2026-07-28")))
    assert "\n  at 2026-07-28      the same\n" in as_text([ServerReport("http://h/", same)])
