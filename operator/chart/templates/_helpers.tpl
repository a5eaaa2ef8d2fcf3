{{- /*
SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
SPDX-License-Identifier: Apache-2.0
*/ -}}

{{- /* The prefix of the names of all objects. Playbooks expect the default, so the name of the release is no part of it. */ -}}
{{- define "mcp-operator.fullname" -}}
{{- if not (hasKey .Values "extraObjects") -}}
{{- fail "The values of this chart are missing: --reuse-values keeps those of the previous chart only. Use --reset-then-reuse-values." -}}
{{- end -}}
{{ .Values.fullnameOverride | default .Values.nameOverride | default "mcp-operator" }}
{{- end }}

{{- define "mcp-operator.name" -}}
{{ .Values.nameOverride | default "mcp-operator" }}
{{- end }}

{{- define "mcp-operator.serviceAccountName" -}}
{{- if and (not .Values.serviceAccount.create) (not .Values.serviceAccount.name) -}}
{{- fail "serviceAccount.create is false: set serviceAccount.name to a ServiceAccount for this operator only." -}}
{{- end -}}
{{ .Values.serviceAccount.name | default (printf "%s-controller-manager" (include "mcp-operator.fullname" .)) }}
{{- end }}

{{- /* The labels by which the operator's Pods are found; they can never change. Those of further shards have a suffix. */ -}}
{{- define "mcp-operator.selector" -}}
app.kubernetes.io/name: {{ include "mcp-operator.name" . }}
control-plane: controller-manager{{ .suffix }}
{{- end }}

{{- /* Labels of the Pods. The version of the chart is not among them: a chart with the same Pods restarts none. */ -}}
{{- define "mcp-operator.pod-labels" -}}
{{- $labels := include "mcp-operator.selector" . | fromYaml }}
{{- $_ := set $labels "app.kubernetes.io/instance" .Release.Name }}
{{- $_ := set $labels "app.kubernetes.io/version" .Chart.AppVersion }}
{{- toYaml (merge $labels .Values.commonLabels) }}
{{- end }}

{{- define "mcp-operator.labels" -}}
{{ include "mcp-operator.pod-labels" . }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name (.Chart.Version | replace "+" "_") }}
{{- end }}

{{- /* The labels by which the Pods of the catalogue are found. No selector of the operator's Pods matches them. */ -}}
{{- define "mcp-operator.catalog-selector" -}}
app.kubernetes.io/name: {{ include "mcp-operator.name" . }}-catalog
{{- end }}

{{- define "mcp-operator.catalog-pod-labels" -}}
{{- $labels := include "mcp-operator.catalog-selector" . | fromYaml }}
{{- $_ := set $labels "app.kubernetes.io/instance" .Release.Name }}
{{- $_ := set $labels "app.kubernetes.io/version" .Chart.AppVersion }}
{{- toYaml (merge $labels .Values.commonLabels) }}
{{- end }}

{{- define "mcp-operator.catalog-labels" -}}
{{ include "mcp-operator.catalog-pod-labels" . }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name (.Chart.Version | replace "+" "_") }}
{{- end }}

{{- define "mcp-operator.repository" -}}
{{- $parts := splitList "/" .Values.image.repository -}}
{{- $first := first $parts -}}
{{- if and (not .Values.imageRegistry) (eq $first "registry.example.com") -}}
{{- fail (printf "The image %s is a placeholder that no registry has. Set image.repository to the image of the operator that you pushed, or imageRegistry to a registry that has all images. For stdio servers and metrics, set bridgeImages, too." .Values.image.repository) -}}
{{- end -}}
{{- if not .Values.imageRegistry -}}
{{ .Values.image.repository }}
{{- else if and (gt (len $parts) 1) (or (contains "." $first) (contains ":" $first) (eq $first "localhost")) -}}
{{ .Values.imageRegistry }}/{{ rest $parts | join "/" }}
{{- else -}}
{{ .Values.imageRegistry }}/{{ .Values.image.repository }}
{{- end -}}
{{- end }}

{{- define "mcp-operator.image" -}}
{{- if .Values.image.digest -}}
{{ include "mcp-operator.repository" . }}@{{ .Values.image.digest }}
{{- else -}}
{{ include "mcp-operator.repository" . }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end }}

{{- /* The published images of the sidecar, by the keys of bridgeImages. `make addresses` writes them. */ -}}
{{- define "mcp-operator.bridge-defaults" -}}
inject: registry.example.com/mcp/mcp-stdio-bridge
package: registry.example.com/mcp/mcp-stdio-runtimes
{{- end }}

{{- /* An image of the sidecar. Without values, it is empty: the operator has a default for its version. */ -}}
{{- define "mcp-operator.bridge-image" -}}
{{- $default := get (include "mcp-operator.bridge-defaults" . | fromYaml) .key -}}
{{- if get .root.Values.bridgeImages .key -}}
{{ get .root.Values.bridgeImages .key }}
{{- else if .root.Values.imageRegistry -}}
{{ .root.Values.imageRegistry }}/{{ rest (splitList "/" $default) | join "/" }}:{{ .root.Chart.AppVersion }}
{{- end -}}
{{- end }}

{{- /* "true" if objects of the Prometheus Operator can be created. Without a cluster, dropping them would go unnoticed. */ -}}
{{- define "mcp-operator.monitors" -}}
{{- if or .Values.prometheus.force (.Capabilities.APIVersions.Has "monitoring.coreos.com/v1") -}}
true
{{- else if not (lookup "v1" "Namespace" "" "kube-system") -}}
{{- fail "Monitors were requested, but without a cluster Helm does not know whether it has the Prometheus Operator. Set prometheus.force=true, or pass --api-versions monitoring.coreos.com/v1." -}}
{{- end -}}
{{- end }}

{{- /* Conditions and the binding of the policies that restrict the operator. */ -}}
{{- define "mcp-operator.is-operator" -}}
- name: operator
  expression: >-
    request.userInfo.username == "system:serviceaccount:{{ .Release.Namespace }}:{{ include "mcp-operator.serviceAccountName" . }}"
{{- end }}

{{- /* The binding of a policy for users, with its name and the root of the chart. */ -}}
{{- define "mcp-operator.tenant-binding" -}}
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata:
  name: {{ .name }}
  labels:
    {{- include "mcp-operator.labels" .root | nindent 4 }}
spec:
  policyName: {{ .name }}
  {{- with .root.Values.policies.namespaceSelector }}
  matchResources:
    namespaceSelector:
      {{- toYaml . | nindent 6 }}
  {{- end }}
  validationActions: {{ toJson .root.Values.policies.validationActions }}
{{- end }}
