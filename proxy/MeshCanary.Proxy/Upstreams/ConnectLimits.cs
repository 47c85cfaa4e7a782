namespace MeshCanary.Proxy.Upstreams;

/// <summary>
/// How long a connection may take. A pod that is gone refuses nothing: its address is silent. While the request can go elsewhere,
/// waiting for it would only make the request late; where there is nothing else, a lost packet is worth its repetition.
/// </summary>
/// <param name="Longest">Where nothing else is left to try.</param>
/// <param name="Attempt">While another endpoint is left to try; never above <paramref name="Longest"/>.</param>
internal readonly record struct ConnectLimits(TimeSpan Longest, TimeSpan Attempt)
{
    /// <summary>The limit of one connection.</summary>
    /// <param name="mayGoElsewhere">Whether another endpoint is left to try.</param>
    public TimeSpan For(bool mayGoElsewhere) => mayGoElsewhere && Attempt < Longest ? Attempt : Longest;
}
