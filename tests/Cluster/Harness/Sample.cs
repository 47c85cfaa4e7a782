using System.Globalization;

namespace MeshCanary.Cluster.Tests.Harness;

/// <summary>Manifests of the sample service.</summary>
public static class Sample
{
    /// <summary>A Deployment and its Service on port 80. A server of version 1.20 refuses a server-side apply of a port without a protocol.</summary>
    /// <param name="name">The name of both.</param>
    /// <param name="version">The tag of the image, which is the version in the answers.</param>
    /// <param name="replicas">How many pods.</param>
    /// <param name="container">Further fields of the container, two spaces in.</param>
    public static string Deployment(string name, string version, int replicas, string container = "") => string.Create(
        CultureInfo.InvariantCulture, $$"""
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: {{name}}
        spec:
          replicas: {{replicas}}
          selector:
            matchLabels: { app: {{name}} }
          template:
            metadata:
              labels: { app: {{name}} }
            spec:
              terminationGracePeriodSeconds: 10
              containers:
              - name: app
                image: sample-service:{{version}}
                ports:
                - { name: http, containerPort: 8080, protocol: TCP }
                readinessProbe:
                  httpGet: { path: /healthz, port: http }
                  periodSeconds: 1
        {{Indent(container, 6)}}
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: {{name}}
        spec:
          selector: { app: {{name}} }
          ports:
          - { name: http, port: 80, protocol: TCP, targetPort: http }
        """);

    internal static string Indent(string text, int spaces) =>
        string.Join('\n', text.Split('\n').Select(line => new string(' ', spaces) + line));
}
