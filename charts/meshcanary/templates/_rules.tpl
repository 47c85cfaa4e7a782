{{- /* What the controller does in the namespaces of Canaries. docs/kubernetes-rbac.md says why, row by row; a test compares both. */}}
{{- define "meshcanary.rules.canaries" -}}
- apiGroups: [meshcanary.io]
  resources: [canaries]
  verbs: [get, list, watch, create, patch, update, delete]
- apiGroups: [meshcanary.io]
  resources: [canaries/status]
  verbs: [get, patch, update]
- apiGroups: [meshcanary.io]
  resources: [canaries/finalizers]
  verbs: [update]
- apiGroups: [meshcanary.io]
  resources: [metrictemplates]
  verbs: [get, list, watch]
- apiGroups: [apps]
  resources: [deployments]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [apps]
  resources: [deployments/finalizers]
  verbs: [update]
- apiGroups: [apps]
  resources: [replicasets]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [apps]
  resources: [statefulsets, daemonsets]
  verbs: [get, list, watch]
- apiGroups: [""]
  resources: [services]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [""]
  resources: [services/finalizers]
  verbs: [update]
- apiGroups: [""]
  resources: [endpoints]
  verbs: [get, list, watch]
- apiGroups: [discovery.k8s.io]
  resources: [endpointslices]
  verbs: [get, list, watch]
- apiGroups: [""]
  resources: [pods]
  verbs: [get, list, watch]
- apiGroups: [""]
  resources: [serviceaccounts]
  verbs: [get, create, patch]
- apiGroups: [policy]
  resources: [poddisruptionbudgets]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [networking.istio.io]
  resources: [virtualservices, destinationrules]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [gateway.networking.k8s.io]
  resources: [httproutes, grpcroutes]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [gateway.networking.k8s.io]
  resources: [gateways]
  verbs: [get, list, watch]
- apiGroups: [autoscaling]
  resources: [horizontalpodautoscalers]
  verbs: [get, list, watch]
- apiGroups: [""]
  resources: [resourcequotas]
  verbs: [get, list, watch]
- apiGroups: [""]
  resources: [configmaps]
  verbs: [get, create, patch]
{{- if .Values.rbac.secrets }}
- apiGroups: [""]
  resources: [secrets]
  verbs: [get]
{{- end }}
{{- if .Values.rbac.configSnapshots }}
- apiGroups: [""]
  resources: [secrets]
  verbs: [create]
{{- end }}
{{- if .Values.rbac.metricJobs }}
- apiGroups: [batch]
  resources: [jobs]
  verbs: [get, list, create, delete]
{{- end }}
- apiGroups: ["", events.k8s.io]
  resources: [events]
  verbs: [create, patch]
{{- end }}

{{- /* What it does in its own namespace. */}}
{{- define "meshcanary.rules.own" -}}
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  verbs: [create]
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  resourceNames: [meshcanary-controller]
  verbs: [get, patch]
- apiGroups: [""]
  resources: [secrets]
  verbs: [create]
- apiGroups: [""]
  resources: [secrets]
  resourceNames: [{{ include "meshcanary.fullname" . }}-certificate]
  verbs: [get, update]
- apiGroups: ["", events.k8s.io]
  resources: [events]
  verbs: [create, patch]
{{- end }}

{{- /* What has no namespace. */}}
{{- define "meshcanary.rules.cluster" -}}
- apiGroups: [authentication.k8s.io]
  resources: [tokenreviews]
  verbs: [create]
{{- if .Values.webhooks.enabled }}
- apiGroups: [admissionregistration.k8s.io]
  resources: [mutatingwebhookconfigurations, validatingwebhookconfigurations]
  resourceNames: [meshcanary]
  verbs: [list, patch]
{{- end }}
{{- end }}

{{- /* What the Job before an uninstall does. */}}
{{- define "meshcanary.rules.release" -}}
- apiGroups: [meshcanary.io]
  resources: [canaries]
  verbs: [get, list, delete]
{{- end }}

{{- define "meshcanary.rules.releaseOwn" -}}
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  resourceNames: [meshcanary-controller]
  verbs: [get, patch]
{{- end }}
