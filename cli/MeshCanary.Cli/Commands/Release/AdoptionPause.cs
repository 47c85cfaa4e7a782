using System.Globalization;
using System.Net;
using System.Text.Json;
using k8s;
using k8s.Autorest;
using k8s.Models;
using MeshCanary.Cli.Client;
using MeshCanary.Cli.Hosting;

namespace MeshCanary.Cli.Commands.Release;

/// <summary>
/// Keeps the controller from making Canaries of annotated Services while all are released: without it, each would come back at
/// once. It is a time on the controller's Lease and passes by itself, so that a release that dies leaves nothing behind.
/// </summary>
internal static class AdoptionPause
{
    /// <summary>Annotation on the Lease: no Canary is made from annotations before this time (RFC 3339, UTC).</summary>
    public const string Annotation = "meshcanary.io/no-adoption-until";

    // Between the end of the release and the end of the controller.
    private static readonly TimeSpan Longer = TimeSpan.FromMinutes(5);

    /// <summary>Begins, or goes on.</summary>
    public static async Task BeginAsync(IKubernetes client, CanaryName lease, TimeSpan wait, Terminal terminal, CancellationToken stop)
    {
        var until = (terminal.Time.GetUtcNow() + wait + Longer).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        if (!await PatchAsync(client, lease, until, stop))
            terminal.Error.WriteLine($"There is no Lease {lease.Namespace}/{lease.Name}: has a controller ever run here? Going on without it.");
    }

    /// <summary>Ends it before its time.</summary>
    public static Task EndAsync(IKubernetes client, CanaryName lease, CancellationToken stop) => PatchAsync(client, lease, null, stop);

    private static async Task<bool> PatchAsync(IKubernetes client, CanaryName lease, string? until, CancellationToken stop)
    {
        var patch = JsonSerializer.Serialize(new { metadata = new { annotations = new Dictionary<string, string?> { [Annotation] = until } } });
        try
        {
            await client.CoordinationV1.PatchNamespacedLeaseAsync(new V1Patch(patch, V1Patch.PatchType.MergePatch), lease.Name, lease.Namespace, cancellationToken: stop);
            return true;
        }
        catch (HttpOperationException error) when (error.Response.StatusCode == HttpStatusCode.NotFound)
        {
            return false;
        }
    }
}
