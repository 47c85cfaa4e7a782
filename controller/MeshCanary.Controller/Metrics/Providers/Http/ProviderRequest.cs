using System.Collections.Immutable;

namespace MeshCanary.Controller.Metrics.Providers.Http;

/// <summary>One request to a provider. Immutable.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Address">The whole address.</param>
internal sealed record ProviderRequest(HttpMethod Method, Uri Address)
{
    /// <summary>Header fields besides those of the spec; credentials are here.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>The body, or null.</summary>
    public string? Body { get; init; }

    /// <summary>The media type of the body.</summary>
    public string ContentType { get; init; } = "application/json";

    /// <summary>The media types that are welcome.</summary>
    public string Accept { get; init; } = "application/json";

    /// <summary>Whether it only reads, so that it may be asked again when it is not known whether it was answered.</summary>
    public bool IsRead { get; init; } = true;

    /// <summary>What kind of fault an answer without success is, by its body, where the status alone does not say; null for by the status.</summary>
    public Func<string, FaultKind?>? Classify { get; init; }

    /// <summary>Signs a message right before it is sent; null for none.</summary>
    public Func<HttpRequestMessage, CancellationToken, Task>? Sign { get; init; }
}
