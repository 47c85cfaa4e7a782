namespace MeshCanary.Testing.Exchanges;

/// <summary>What a client saw of one request.</summary>
/// <param name="Version">The version that answered; empty when the client cannot know.</param>
/// <param name="Endpoint">The endpoint that answered; empty when the client cannot know.</param>
/// <param name="Outcome">How it ended.</param>
public sealed record Reply(string Version, string Endpoint, Outcome Outcome)
{
    /// <summary>Reads who answered.</summary>
    public static Reply Of(HttpResponseMessage response, Outcome outcome)
    {
        ArgumentNullException.ThrowIfNull(response);
        return new Reply(First(response, "x-version"), First(response, ConversingBackend.EndpointHeader), outcome);
    }

    private static string First(HttpResponseMessage response, string header) =>
        response.Headers.TryGetValues(header, out var values) ? values.Single() : "";
}
