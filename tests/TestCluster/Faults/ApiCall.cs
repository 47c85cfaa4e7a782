namespace MeshCanary.TestCluster.Faults;

/// <summary>One call to the API server, as the proxy before it sees it.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path, such as <c>/apis/apps/v1/namespaces/x/deployments</c>.</param>
/// <param name="Query">The query, with its question mark, or empty.</param>
public sealed record ApiCall(string Method, string Path, string Query)
{
    /// <summary>Whether it asks for a stream of events.</summary>
    public bool IsWatch => Query.Contains("watch=true", StringComparison.OrdinalIgnoreCase) || Query.Contains("watch=1", StringComparison.Ordinal);

    /// <summary>Whether it asks for a list, or the next page of one.</summary>
    public bool IsList => Method == "GET" && !IsWatch;

    /// <summary>Whether it changes something.</summary>
    public bool IsWrite => Method is not ("GET" or "HEAD" or "OPTIONS");

    /// <summary>Whether it is about objects of a kind.</summary>
    /// <param name="plural">The kind's plural, as in paths.</param>
    public bool IsOf(string plural) =>
        $"{Path}/".Contains($"/{plural}/", StringComparison.Ordinal);
}
