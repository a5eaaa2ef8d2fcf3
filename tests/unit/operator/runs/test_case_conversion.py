# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mcp_operator.runs.case_conversion import convert, to_snake

# Its own tests have some of these; the others follow from its rules.
CASES = {
    "var": "var",
    "888": "888",
    "k8s_var": "k8s_var",
    "_k8s_var": "_k8s_var",
    "k8s var": "k8s_var",
    "ThisShouldHaveUnderscores": "_this_should_have_underscores",
    "sizeK8sBuckets": "size_k8s_buckets",
    "_CanYou_Handle_mixedVars": "_can_you_handle_mixed_vars",
    "this_should_be_a_noop": "this_should_be_a_noop",
    "egressIP": "egress_ip",
    "egressIPs": "egress_ips",
    "egressIPsEgress": "egress_ips_egress",
    "egressIPsegress": "egress_ips_egress",
    "IPsegress": "_ips_egress",
    "egressIPEgress": "egress_ip_egress",
    "egressIPegress": "egress_ip_egress",
    "URLegressIPEgressHTTP": "url_egress_ip_egress_http",
    "URLsegressIPsEgressHTTPs": "_urls_egress_ips_egress_https",
    "THIS_IS_SKIP_NOT_SK_IP": "_this_is_skip_not_sk_ip",
    "targetCPUUtilizationPercentage": "target_cpu_utilization_percentage",
    "sessionManagement": "session_management",
    "httpGet": "http_get",
    "HTTPRoute": "http_route",
    "MCPServer": "_mcp_server",
    "FOO_BAR": "_foo_bar",
    "X-Api-Key": "_x_api_key",
    "ZIPFile": "_z_ip_file",
    "HTTPSPort": "http_s_port",
    "mcpURLHTTPPath": "mcp_url__http_path",
    "tlsV1a2": "tls_v_1_a2",
    "ephemeral-storage": "ephemeral_storage",
    "": "",
}


@pytest.mark.parametrize(("key", "name"), CASES.items())
def test_names_are_those_of_ansible_operator(key, name):
    assert to_snake(key) == name


def test_all_maps_are_gone_through():
    assert convert({"httpGet": [{"hostPort": 1}, "hostPort"]}) == {"http_get": [{"host_port": 1}, "hostPort"]}


@given(st.text())
def test_any_key_has_a_name(key):
    assert isinstance(to_snake(key), str)
