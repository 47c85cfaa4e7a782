namespace MeshCanary.Controller.Tests.Traffic.Meshes.GatewayApi;

/// <summary>Routes as users have them, as an API server gives them back: its defaults are filled in.</summary>
internal static class GoldenRoutes
{
    public const string Plain =
        """
        {
          "apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute",
          "metadata": { "name": "checkout" },
          "spec": {
            "parentRefs": [{ "group": "gateway.networking.k8s.io", "kind": "Gateway", "name": "public", "namespace": "infra" }],
            "rules": [{
              "matches": [{ "path": { "type": "PathPrefix", "value": "/" } }],
              "backendRefs": [{ "group": "", "kind": "Service", "name": "checkout", "port": 80, "weight": 1 }]
            }]
          }
        }
        """;

    /// <summary>Several rules of which some lead to the Service, with everything that a rule can have.</summary>
    public const string Rich =
        """
        {
          "apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute",
          "metadata": { "name": "checkout", "labels": { "team": "a" }, "annotations": { "kubectl.kubernetes.io/last-applied-configuration": "{}" } },
          "spec": {
            "hostnames": ["shop.example.org"],
            "parentRefs": [
              { "group": "gateway.networking.k8s.io", "kind": "Gateway", "name": "public", "namespace": "infra", "sectionName": "https" },
              { "group": "", "kind": "Service", "name": "checkout", "port": 80 }
            ],
            "rules": [
              {
                "name": "assets",
                "matches": [{ "path": { "type": "PathPrefix", "value": "/assets" } }],
                "filters": [{ "type": "RequestRedirect", "requestRedirect": { "scheme": "https", "statusCode": 301 } }]
              },
              {
                "name": "api",
                "matches": [
                  { "path": { "type": "PathPrefix", "value": "/api" }, "headers": [{ "type": "Exact", "name": "x-tenant", "value": "a" }] },
                  { "path": { "type": "Exact", "value": "/rpc" }, "method": "POST" }
                ],
                "filters": [
                  { "type": "RequestHeaderModifier", "requestHeaderModifier": { "set": [{ "name": "x-from", "value": "edge" }], "remove": ["x-debug"] } },
                  { "type": "URLRewrite", "urlRewrite": { "path": { "type": "ReplacePrefixMatch", "replacePrefixMatch": "/" } } },
                  { "type": "RequestMirror", "requestMirror": { "backendRef": { "group": "", "kind": "Service", "name": "audit", "port": 80 } } }
                ],
                "timeouts": { "request": "10s", "backendRequest": "2s" },
                "retry": { "codes": [503], "attempts": 2 },
                "sessionPersistence": { "sessionName": "s", "type": "Cookie" },
                "backendRefs": [
                  { "group": "", "kind": "Service", "name": "checkout", "port": 80, "weight": 9,
                    "filters": [{ "type": "ResponseHeaderModifier", "responseHeaderModifier": { "add": [{ "name": "x-backend", "value": "checkout" }] } }] },
                  { "group": "", "kind": "Service", "name": "legacy", "port": 8080, "weight": 1 }
                ]
              },
              {
                "matches": [{ "path": { "type": "PathPrefix", "value": "/" } }],
                "backendRefs": [{ "group": "", "kind": "Service", "name": "checkout", "port": 80, "weight": 1 }]
              },
              {
                "matches": [{ "path": { "type": "PathPrefix", "value": "/admin" } }],
                "backendRefs": [{ "group": "", "kind": "Service", "name": "checkout", "port": 9090, "weight": 1 }]
              },
              {
                "matches": [{ "path": { "type": "PathPrefix", "value": "/far" } }],
                "backendRefs": [{ "group": "", "kind": "Service", "name": "checkout", "namespace": "other", "port": 80, "weight": 1 }]
              }
            ]
          }
        }
        """;

    public const string Grpc =
        """
        {
          "apiVersion": "gateway.networking.k8s.io/v1", "kind": "GRPCRoute",
          "metadata": { "name": "checkout-grpc" },
          "spec": {
            "parentRefs": [{ "group": "", "kind": "Service", "name": "checkout" }],
            "rules": [{
              "matches": [{ "method": { "type": "Exact", "service": "shop.Checkout", "method": "Quote" } }],
              "backendRefs": [{ "group": "", "kind": "Service", "name": "checkout", "port": 80, "weight": 1 }]
            }]
          }
        }
        """;
}
