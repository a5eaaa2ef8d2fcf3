# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

from http import HTTPStatus

import pytest
from mcp_operator._vendor._kube.errors import ApiUnreachable
from mcp_operator.process.access_review import AccessReviewer
from mcp_operator.process.http_server import Request, Response

USER = {
    "username": "system:serviceaccount:monitoring:prometheus",
    "uid": "u",
    "groups": ["system:serviceaccounts"],
    "extra": {"authentication.kubernetes.io/pod-name": ["p"]},
}


class Api:
    """Reviews tokens and users as an API server does; ``reviews`` are the specifications that it was sent."""

    def __init__(self):
        self.users = {"good": USER, "other": {"username": "other"}}
        self.allowed = {USER["username"]}
        self.down = False
        self.reviews = []

    def request(self, method, path, *, what, body=None, retry=True):
        assert (method, retry) == ("POST", False)
        assert what == f"create a {body['kind']}"
        assert path.endswith(f"/{body['kind'].lower()}s")
        assert path.startswith(f"/apis/{body['apiVersion']}/")
        if self.down:
            raise ApiUnreachable("down")
        self.reviews.append(body["spec"])
        if body["kind"] == "TokenReview":
            user = self.users.get(body["spec"]["token"])
            return {"status": {"authenticated": True, "user": user} if user else {"error": "invalid"}}
        assert body["spec"]["nonResourceAttributes"] == {"path": "/metrics", "verb": "get"}
        return {"status": {"allowed": body["spec"]["user"] in self.allowed}}


@pytest.fixture
def api():
    return Api()


@pytest.fixture
def scrape(api, clock):
    page = AccessReviewer(api, clock.now).protect(lambda _request: Response(HTTPStatus.OK, b"metrics"))
    return lambda authorization, peer="10.0.0.1": page(Request("/metrics", authorization, peer))


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer ", "Basic Z29vZA==", "good"])
def test_without_a_token_there_is_no_review(api, scrape, authorization):
    response = scrape(authorization)
    assert (response.status, response.headers) == (401, {"WWW-Authenticate": "Bearer"})
    assert api.reviews == []


def test_the_user_of_the_token_is_reviewed(api, scrape):
    assert scrape("bearer good").body == b"metrics"
    token, access = api.reviews
    assert token == {"token": "good"}
    assert {access["user"], access["uid"]} == {USER["username"], "u"}
    assert (access["groups"], access["extra"]) == (USER["groups"], USER["extra"])


def test_a_user_without_permission_is_forbidden(scrape):
    response = scrape("Bearer other")
    assert (response.status, response.body) == (403, b"forbidden: other has no permission to get /metrics\n")


@pytest.mark.parametrize(("token", "age", "status"), [("good", 60.0, 200), ("other", 30.0, 403)])
def test_decisions_are_used_again_for_a_while(api, clock, scrape, token, age, status):
    assert scrape(f"Bearer {token}").status == status
    api.users.clear()
    clock.step(age - 0.1)
    assert scrape(f"Bearer {token}", "10.0.0.2").status == status
    assert len(api.reviews) == 2
    clock.step(0.2)
    assert scrape(f"Bearer {token}").status == 401


def test_an_address_with_rejected_tokens_causes_one_review_each_second_and_delays_nobody_else(api, clock, scrape):
    scrape("Bearer good")
    del api.reviews[:]
    assert scrape("Bearer bad-0").status == 401
    for number in range(1, 500):
        response = scrape(f"Bearer bad-{number}")
        assert (response.status, response.headers) == (429, {"Retry-After": "1"})
    assert len(api.reviews) == 1
    assert scrape("Bearer good").status == 200
    assert scrape("Bearer other", "10.0.0.2").status == 403
    clock.step(1.0)
    assert scrape("Bearer bad-1").status == 401


def test_what_is_remembered_is_bounded(api, scrape):
    reviewer = AccessReviewer(api)
    page = reviewer.protect(lambda _request: Response(HTTPStatus.OK, b""))
    api.users = {f"t{number}": USER for number in range(600)}
    for number in range(600):
        assert page(Request("/metrics", f"Bearer t{number}", "a")).status == 200
    for number in range(2_000):
        assert page(Request("/metrics", "Bearer bad", f"10.0.{number}")).status == 401
    assert (len(reviewer._decisions), len(reviewer._paused)) == (256, 1024)


def test_without_the_api_server_a_new_token_is_not_accepted(api, clock, scrape, caplog):
    scrape("Bearer good")
    api.down = True
    assert scrape("Bearer good").status == 200
    assert scrape("Bearer new", "10.0.0.2").status == 503
    assert "could not be reviewed: down" in caplog.text
    clock.step(61)
    assert scrape("Bearer good").status == 503
