using System.Globalization;
using MeshCanary.Controller.Crds;
using MeshCanary.Machinery;
using MeshCanary.Machinery.Calling;
using MeshCanary.Machinery.Resources;

namespace MeshCanary.Controller.Keeping;

/// <summary>
/// Whether Canaries are made of annotations now. Whoever releases all of them writes on the controller's Lease until when not; a time
/// that passes by itself, so that nothing is left behind.
/// </summary>
/// <param name="cluster">The cluster.</param>
/// <param name="lease">The controller's Lease.</param>
/// <param name="time">The clock.</param>
internal sealed class AdoptionPause(ClusterAccess cluster, ObjectKey lease, TimeProvider time)
{
    /// <summary>Annotation on the Lease: no Canary is made from annotations before this time (RFC 3339).</summary>
    public const string Annotation = $"{ApiNames.Prefix}no-adoption-until";

    private static readonly ResourceType Leases = new("coordination.k8s.io", "v1", "leases", "Lease");

    /// <summary>Where it is written, for people.</summary>
    public string Place => $"{Annotation} of the Lease {lease}";

    /// <summary>Until when none is to be made; null when nothing keeps them from being made now.</summary>
    /// <exception cref="ApiException">The Lease could not be read.</exception>
    public async Task<DateTimeOffset?> UntilAsync(CancellationToken cancellation)
    {
        var request = new ApiRequest("get", HttpMethod.Get, Leases.Path(lease.Namespace, lease.Name)) { Type = Leases, Target = lease.ToString(), IsIdempotent = true };
        try
        {
            using var answer = await cluster.Api.ReadAsync(request, cancellation).ConfigureAwait(false);
            return answer.RootElement.GetProperty("metadata").TryGetProperty("annotations", out var annotations)
                && annotations.TryGetProperty(Annotation, out var written)
                && DateTimeOffset.TryParse(written.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var until)
                && until > time.GetUtcNow()
                ? until
                : null;
        }
        catch (ApiException failure) when (failure.Kind == ApiErrorKind.NotFound)
        {
            return null;
        }
    }
}
