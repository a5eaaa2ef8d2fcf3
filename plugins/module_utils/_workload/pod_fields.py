# SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
# SPDX-License-Identifier: Apache-2.0

# Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.

"""The fields and values that the Pod template of an MCPServer may have, as an allow-list.

The fields are those of ``k8s.io/api/core/v1`` 1.36. The values are restricted as the newest checks of the profile
"baseline" restrict them (``k8s.io/pod-security-admission/policy`` 1.36,
https://kubernetes.io/docs/concepts/security/pod-security-standards/). Fields that the profile allows are missing here
if another field of the manifest or the operator sets them, or if the kubelet runs commands on the node for them.
"""

from __future__ import annotations

from .names import GATE
from .pod_rules import Rule, annotation_values, anything, fields, items, only, refused

# policy/check_capabilities_baseline.go
CAPABILITIES = (
    *("AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE"),
    *("SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"),
)
# policy/check_sysctls.go
SYSCTLS = (
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ping_group_range",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.tcp_wmem",
)
# policy/check_seLinuxOptions.go
SELINUX_TYPES = ("", "container_t", "container_init_t", "container_kvm_t", "container_engine_t")


def _any(*names: str) -> dict[str, Rule]:
    return dict.fromkeys(names, anything)


_PROFILE = fields({"type": only("RuntimeDefault", "Localhost"), **_any("localhostProfile")}, required=("type",))
_SECURITY: dict[str, Rule] = {
    **_any("runAsGroup", "runAsNonRoot", "runAsUser"),
    "appArmorProfile": _PROFILE,
    "seccompProfile": _PROFILE,
    "seLinuxOptions": fields({"type": only(*SELINUX_TYPES), "user": only(""), "role": only(""), **_any("level")}),
    "windowsOptions": fields(
        {"hostProcess": only(False), **_any("gmsaCredentialSpec", "gmsaCredentialSpecName", "runAsUserName")}
    ),
}
_POD_SECURITY = fields(
    {
        **_SECURITY,
        **_any("fsGroup", "fsGroupChangePolicy", "seLinuxChangePolicy", "supplementalGroups"),
        **_any("supplementalGroupsPolicy"),
        "sysctls": items(fields({"name": only(*SYSCTLS), **_any("value")}, required=("name",))),
    }
)
_CONTAINER_SECURITY = fields(
    {
        **_SECURITY,
        **_any("allowPrivilegeEscalation", "readOnlyRootFilesystem"),
        "capabilities": fields({"add": items(only(*CAPABILITIES)), **_any("drop")}),
        "privileged": only(False),
        # With hostUsers: false, the profile has allowed more since 1.35. Older clusters ignore hostUsers.
        "procMount": only("Default"),
    }
)

# The kubelet sends these requests: another host than the Pod's would be reached from the node.
_HANDLER: dict[str, Rule] = {
    **_any("exec"),
    "httpGet": fields({"host": only(""), **_any("httpHeaders", "path", "port", "scheme")}),
    "tcpSocket": fields({"host": only(""), **_any("port")}),
}
_PROBE = fields(
    {
        **_HANDLER,
        **_any("grpc", "failureThreshold", "initialDelaySeconds", "periodSeconds", "successThreshold"),
        **_any("terminationGracePeriodSeconds", "timeoutSeconds"),
    }
)
_HOOK = fields({**_HANDLER, **_any("sleep")})

_CONTAINER = fields(
    {
        **_any("args", "command", "env", "envFrom", "image", "imagePullPolicy", "name", "resizePolicy", "resources"),
        **_any("restartPolicy", "restartPolicyRules", "stdin", "stdinOnce", "terminationMessagePath"),
        **_any("terminationMessagePolicy", "tty", "volumeDevices", "volumeMounts", "workingDir"),
        "lifecycle": fields({"postStart": _HOOK, "preStop": _HOOK, **_any("stopSignal")}),
        **dict.fromkeys(("livenessProbe", "readinessProbe", "startupProbe"), _PROBE),
        "ports": items(fields({"hostPort": only(0), **_any("containerPort", "hostIP", "name", "protocol")})),
        "securityContext": _CONTAINER_SECURITY,
    }
)

_VOLUME = fields(
    {
        **_any("awsElasticBlockStore", "azureDisk", "azureFile", "cephfs", "cinder", "configMap", "csi", "downwardAPI"),
        **_any("emptyDir", "ephemeral", "fc", "flexVolume", "flocker", "gcePersistentDisk", "glusterfs", "image"),
        **_any("iscsi", "name", "nfs", "persistentVolumeClaim", "photonPersistentDisk", "portworxVolume", "projected"),
        **_any("quobyte", "rbd", "scaleIO", "secret", "storageos", "vsphereVolume"),
        "hostPath": refused("it gives access to the file system of the node"),
        "gitRepo": refused("the kubelet runs git on the node for it; clone in an init container instead"),
    }
)

_POD = fields(
    {
        **_any("affinity", "dnsConfig", "dnsPolicy", "enableServiceLinks", "hostAliases", "hostUsers", "hostname"),
        **_any("hostnameOverride", "imagePullSecrets", "nodeSelector", "os", "overhead", "preemptionPolicy"),
        **_any("priority", "priorityClassName", "resourceClaims", "resources", "restartPolicy", "runtimeClassName"),
        **_any("schedulerName", "schedulingGroup", "serviceAccountName", "setHostnameAsFQDN"),
        **_any("shareProcessNamespace", "subdomain", "terminationGracePeriodSeconds", "tolerations"),
        **_any("topologySpreadConstraints", "workloadRef"),
        "automountServiceAccountToken": only(False, why="mount a projected token instead"),
        "containers": items(_CONTAINER),
        **dict.fromkeys(("hostIPC", "hostNetwork", "hostPID"), only(False)),
        "initContainers": items(_CONTAINER),
        "readinessGates": items(fields({"conditionType": only(GATE, why="manifests cannot set it")})),
        "securityContext": _POD_SECURITY,
        "volumes": items(_VOLUME),
    },
    required=("automountServiceAccountToken",),
)

# policy/check_appArmorProfile.go and, for kubelets before 1.27, policy/check_seccompProfile_baseline.go
_PROFILES = {
    "container.apparmor.security.beta.kubernetes.io/": ("", "runtime/default"),
    **dict.fromkeys(
        ("seccomp.security.alpha.kubernetes.io/pod", "container.seccomp.security.alpha.kubernetes.io/"),
        ("runtime/default", "docker/default"),
    ),
}
POD_TEMPLATE = fields(
    {"metadata": fields({"annotations": annotation_values(_PROFILES, "localhost/"), **_any("labels")}), "spec": _POD}
)
