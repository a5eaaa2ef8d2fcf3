{{- /*
SPDX-FileCopyrightText: 2026 The mcp.kubernetes authors
SPDX-License-Identifier: Apache-2.0
*/ -}}

{{- /* The labels by which the operator's Pods are found; they can never change. Those of further shards have a suffix. */ -}}
{{- define "mcp-operator.selector" -}}
app.kubernetes.io/name: mcp-operator
control-plane: controller-manager{{ .suffix }}
{{- end }}

{{- define "mcp-operator.labels" -}}
{{ include "mcp-operator.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
{{- end }}

{{- define "mcp-operator.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end }}

{{- /* Conditions and the binding of the policies that restrict the operator. */ -}}
{{- define "mcp-operator.is-operator" -}}
- name: operator
  expression: >-
    request.userInfo.username == "system:serviceaccount:{{ .Release.Namespace }}:mcp-operator-controller-manager"
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
