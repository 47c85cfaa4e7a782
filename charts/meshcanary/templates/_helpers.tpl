{{- define "meshcanary.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- /* What everything of this release begins with. Short enough for the longest ending that is put behind it. */}}
{{- define "meshcanary.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" }}
{{- else }}
{{- $name := include "meshcanary.name" . }}
{{- if contains $name .Release.Name }}
{{- .Release.Name | trunc 50 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name $name | trunc 50 | trimSuffix "-" }}
{{- end }}
{{- end }}
{{- end }}

{{- /* Cluster-scoped objects of two releases of one name in two namespaces must not meet. */}}
{{- define "meshcanary.clusterName" -}}
{{- if eq .Release.Namespace (include "meshcanary.fullname" .) }}
{{- include "meshcanary.fullname" . }}
{{- else }}
{{- printf "%s-%s" .Release.Namespace (include "meshcanary.fullname" .) }}
{{- end }}
{{- end }}

{{- define "meshcanary.selectorLabels" -}}
app.kubernetes.io/name: {{ include "meshcanary.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: controller
{{- end }}

{{- define "meshcanary.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
app.kubernetes.io/name: {{ include "meshcanary.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/part-of: meshcanary
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "meshcanary.serviceAccount" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "meshcanary.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- required "serviceAccount.name is needed when serviceAccount.create is false: name the account that the controller runs as." .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{- /* An image, of a list of root and the image's values. */}}
{{- define "meshcanary.image" -}}
{{- $root := index . 0 }}{{ $image := index . 1 }}
{{- $repository := ternary (printf "%s/%s" $image.registry $image.repository) $image.repository (ne $image.registry "") }}
{{- if $image.digest }}
{{- printf "%s@%s" $repository $image.digest }}
{{- else }}
{{- printf "%s:%s" $repository (default $root.Chart.AppVersion $image.tag) }}
{{- end }}
{{- end }}

{{- /* Where proxies find the controller. */}}
{{- define "meshcanary.controlAddress" -}}
{{- printf "%s-control.%s.svc:%v" (include "meshcanary.fullname" .) .Release.Namespace .Values.ports.control }}
{{- end }}

{{- /* The namespaces that the namespaced rules hold in; none: all. */}}
{{- define "meshcanary.namespaces" -}}
{{- uniq .Values.namespaces | sortAlpha | toJson }}
{{- end }}
