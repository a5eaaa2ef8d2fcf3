# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

"""``mcp-operator validate --targets``, and several outputs."""

from __future__ import annotations

import json
import threading
import xml.etree.ElementTree as ET
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from mcp_operator._vendor._mcp.options import Options, Target
from mcp_operator.cli import targets_file
from mcp_operator.cli.targets_file import read_targets
from mcp_operator.errors import ArgumentsInvalid

from support.sarif import checked_run

from .test_validate import BAD, GOOD, GUARDED, tokens, url, validate, zoo  # noqa: F401  # fixtures

SECRET = "hush-hush-hush"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read(folder, text, environment=None, **options):
    path = folder / "targets.yml"
    path.write_text(text, encoding="utf-8")
    defaults = (Target(transport="sse"), Options(**options))
    return read_targets(path, defaults, environment or {})


WHOLE = """\
targets:
  - name: weather
    url: https://h/mcp
    transport: auto
    hostHeader: weather.example.com
    timeout: 7
    requestTimeout: 2.5
    startTimeout: 1
    strict: true
    deep: true
    validateCerts: false
    caCert: ca.pem
    clientCert: c.pem
    clientKey: k.pem
    requiredCapabilities: [tools]
    expect: ["tools"]
    toolCall:
      name: feed
      arguments: {who: [lion, 2]}
    headersEnv: {X-Key: KEY}
    clientCredentials:
      clientId: me
      clientSecretEnv: SECRET
      issuer: https://auth
      scopes: [a, b]
      resource: https://h
      authentication: post
  - {url: "http://second/"}
"""


def test_each_field_replaces_what_the_command_line_says(folder):
    given = {"KEY": f"{SECRET}\n", "SECRET": "other"}
    first, second = read(folder, WHOLE, given, bearer_token="for-all", timeout=90.0, headers={"X-All": "1"})
    assert (first.label, first.url, first.location) == ("weather", "https://h/mcp", ("targets.yml", 2))
    assert (first.target.transport, first.target.host_header) == ("auto", "weather.example.com")
    options = first.options
    assert (options.timeout, options.request_timeout, options.start_timeout) == (7, 2.5, 1)
    assert (options.strict, options.deep, options.validate_certs) == (True, True, False)
    assert (options.ca_cert, options.client_cert, options.client_key) == ("ca.pem", "c.pem", "k.pem")
    assert (options.required_capabilities, options.expect) == (("tools",), ("tools",))
    assert (options.tool_call.name, options.tool_call.arguments) == ("feed", {"who": ["lion", 2]})
    assert options.headers == {"X-All": "1", "X-Key": SECRET}
    credentials = options.client_credentials
    assert (credentials.client_id, credentials.client_secret, credentials.scopes) == ("me", "other", ("a", "b"))
    assert (credentials.issuer, credentials.resource, credentials.authentication) == (
        "https://auth",
        "https://h",
        "post",
    )
    assert options.bearer_token is None
    assert (second.label, second.location.line, second.target.transport) == ("", 28, "sse")
    assert (second.options.bearer_token, second.options.timeout) == ("for-all", 90.0)


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("", "is empty"),
        ("targets: [", "line 1"),
        ("a: 1", "targets is not a list"),
        ("targets: []", "has 0 targets"),
        ("targets: [7]", "line 1: this is not a mapping"),
        ("targets:\n- {}", "line 2: there is no url"),
        ("targets:\n- url: http://h/\n  token: x", "the field 'token' is unknown"),
        ("targets:\n- url: http://h/\n  url: http://i/", "'url' is invalid or occurs twice"),
        ("targets:\n- url: 7", "url is not a string"),
        ("targets:\n- url: http://h/\n  timeout: true", "timeout is not a number"),
        ("targets:\n- url: http://h/\n  strict: 1", "strict is not true or false"),
        ("targets:\n- url: http://h/\n  expect: tools", "expect is not a list of strings"),
        ("targets:\n- url: http://h/\n  expect: [7]", "expect is not a list of strings"),
        ("targets:\n- url: http://h/\n  headersEnv: {a: 7}", "headersEnv is not a mapping of strings"),
        ("targets:\n- url: http://h/\n  toolCall: {}", "toolCall has no name"),
        ("targets:\n- url: http://h/\n  clientCredentials: {clientId: a}", "no clientId or no clientSecretEnv"),
        ("targets:\n- url: http://h/\n  name: !!python/name:os.system x", "name is not a string"),
        ("targets: &a\n- url: http://h/\n- *a", "line 3: aliases are not supported"),
        ("targets: [{url: http://h/}]\nmore: 1", "the field 'more' is unknown"),
        ("a: 1\n---\nb: 2", "line 2"),
        ("[" * 5000, "this is not YAML"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(folder, text, seen):
    with pytest.raises(ArgumentsInvalid) as caught:
        read(folder, text)
    assert seen in str(caught.value)


def test_a_secret_in_place_of_a_variable_is_not_repeated(folder):
    for field in (f"bearerTokenEnv: {SECRET}", f"headersEnv: {{X-Key: {SECRET}}}"):
        with pytest.raises(ArgumentsInvalid) as caught:
            read(folder, f"targets:\n- url: http://h/\n  {field}")
        assert "targets.yml, line 2: " in str(caught.value)
        assert SECRET not in str(caught.value)


def test_files_have_a_limit(folder, monkeypatch):
    monkeypatch.setattr(targets_file, "MAX_BYTES", 100)
    with pytest.raises(ArgumentsInvalid, match="more than 100 bytes"):
        read(folder, "targets: [{url: http://h/}]" + " " * 100)
    monkeypatch.setattr(targets_file, "MAX_BYTES", 10**6)
    with pytest.raises(ArgumentsInvalid, match="List 1 to 1000"):
        read(folder, "targets:\n" + "- url: http://h/\n" * 1001)
    with pytest.raises(ArgumentsInvalid, match="cannot be read"):
        read_targets(folder / "missing", (Target(), Options()), {})


def test_a_file_of_another_folder_has_its_whole_path(folder, monkeypatch):
    inner = folder / "inner"
    inner.mkdir()
    monkeypatch.chdir(inner)
    [one] = read(folder, "targets: [{url: http://h/}]")
    assert one.location.file == (folder / "targets.yml").as_posix()


class Echo(BaseHTTPRequestHandler):
    """Keeps the headers of requests, and repeats them in its answer."""

    seen: list[dict[str, str]] = []  # noqa: RUF012 - of this class alone

    def do_POST(self):  # the name that http.server calls
        self.seen.append(dict(self.headers))
        body = str(self.headers).encode()
        self.send_response(400)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST  # noqa: N815

    def log_message(self, *_arguments):
        pass


@pytest.fixture
def echo():
    Echo.seen.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_each_server_gets_its_own_credentials_and_no_report_has_them(validate, folder, echo, monkeypatch):  # noqa: F811
    monkeypatch.setenv("ONE", SECRET)
    monkeypatch.setenv("TWO", "another-secret")
    lines = ["targets:"]
    lines += [f"- {{name: a, url: {echo}/one, bearerTokenEnv: ONE}}"]
    lines += [f"- {{name: b, url: {echo}/two, headersEnv: {{X-Key: TWO}}}}"]
    lines += [f"- {{name: c, url: {echo}/three}}"]
    (folder / "t.yml").write_text("\n".join(lines), encoding="utf-8")
    formats = [word for name in ("text", "json", "junit", "sarif") for word in ("--format", name, "--output", name)]
    code, out, err = validate("--targets", "t.yml", "--timeout", "5", *formats)
    assert code == 1
    sent = [(seen.get("Authorization"), seen.get("X-Key")) for seen in Echo.seen]
    assert set(sent) == {(f"Bearer {SECRET}", None), (None, "another-secret"), (None, None)}
    written = out + err + "".join((folder / name).read_text("utf-8") for name in ("text", "json", "junit", "sarif"))
    assert SECRET not in written
    assert "another-secret" not in written


def test_several_outputs_of_urls_and_files(validate, url, folder):  # noqa: F811
    (folder / "t.yml").write_text(
        f"targets:\n- name: bad\n  url: {url(BAD)}\n- url: {url(GUARDED)}\n", encoding="utf-8"
    )
    code, out, _err = validate(
        url(GOOD), "--targets", "t.yml", *("--format", "sarif", "--output", "mcp.sarif"),
        *("--format", "junit", "--output", "mcp.xml", "--format", "json", "--output", "mcp.json", "--format", "text"),
    )  # fmt: skip
    assert code == 1
    assert "1 of 3 servers comply with MCP. 1 of them require credentials." in out
    run = checked_run((folder / "mcp.sarif").read_text("utf-8"))
    lines = {
        (found["ruleId"], found["locations"][0]["physicalLocation"]["region"]["startLine"]) for found in run["results"]
    }
    assert ("NOT_MCP", 2) in lines
    assert any(line == 4 for _code, line in lines)
    names = [case.get("name") for case in ET.parse(folder / "mcp.xml").getroot().iter("testcase")]
    assert names == [url(GOOD), "bad", url(GUARDED)]
    reports = json.loads((folder / "mcp.json").read_text("utf-8"))["reports"]
    assert [(report["name"], report["url"]) for report in reports] == [
        (url(GOOD), url(GOOD)), ("bad", url(BAD)), (url(GUARDED), url(GUARDED)),
    ]  # fmt: skip


def test_a_tool_and_expectations_of_a_file(validate, url, folder):  # noqa: F811
    template = 'targets: [{{url: {url}, toolCall: {{name: feed, arguments: {{who: lion}}}}, expect: ["{expect}"]}}]'
    for wanted, code in (("tool_call.texts == ['lion']", 0), ("tool_call.texts == ['tiger']", 1)):
        text = template.format(url=url("call-of-a-tool"), expect=wanted)
        (folder / "t.yml").write_text(text, encoding="utf-8")
        assert validate("--targets", "t.yml")[0] == code


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--format", "json", "--format", "junit"], "There are 2 formats and 0 files."),
        (["--output", "a", "--output", "b"], "--output a is not a format."),
        (
            ["--format", "json", "--output", "a", "--format", "junit", "--output", "a"],
            "Two outputs are the same file.",
        ),
    ],
)
def test_formats_and_files_that_do_not_go_together(validate, arguments, said):  # noqa: F811
    code, out, err = validate("http://h/", *arguments)
    assert (code, out) == (2, "")
    assert said in err


def test_an_invalid_url_is_named_by_its_line_and_nothing_is_sent(validate, url, folder):  # noqa: F811
    (folder / "t.yml").write_text("targets:\n- url: ftp://h/\n", encoding="utf-8")
    code, out, err = validate(url(GOOD), "--targets", "t.yml")
    assert (code, out) == (2, "")
    assert "t.yml, line 2: The scheme 'ftp' is not supported." in err
