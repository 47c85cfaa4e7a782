using System.Text;
using k8s;

namespace MeshCanary.TestCluster.ControlPlane;

/// <summary>How somebody reaches an API server and who they are.</summary>
/// <param name="Server">The address of the API server, or of a proxy before it.</param>
/// <param name="Authority">The root certificate to trust, PEM.</param>
/// <param name="Certificate">The certificate to show, or null.</param>
/// <param name="Token">The token to show, or null.</param>
public sealed record Access(Uri Server, string Authority, KeyPair? Certificate, string? Token)
{
    /// <summary>The same person by another way.</summary>
    /// <param name="server">The other address.</param>
    public Access Through(Uri server) => this with { Server = server };

    /// <summary>A new client; the caller disposes of it.</summary>
    public IKubernetes Client() => new Kubernetes(Configuration());

    /// <summary>The configuration of a client.</summary>
    public KubernetesClientConfiguration Configuration()
    {
        using var file = new MemoryStream(Encoding.UTF8.GetBytes(Kubeconfig()));
        return KubernetesClientConfiguration.BuildConfigFromConfigFile(file);
    }

    /// <summary>A kubeconfig file, complete in itself.</summary>
    public string Kubeconfig()
    {
        var user = Certificate is { } pair
            ? $"client-certificate-data: {Base64(pair.Certificate)}\n    client-key-data: {Base64(pair.Key)}"
            : $"token: {Token}";
        return $"""
            apiVersion: v1
            kind: Config
            clusters:
            - name: test
              cluster:
                server: {Server.GetLeftPart(UriPartial.Authority)}
                certificate-authority-data: {Base64(Authority)}
            users:
            - name: user
              user:
                {user}
            contexts:
            - name: test
              context:
                cluster: test
                user: user
            current-context: test

            """;
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
