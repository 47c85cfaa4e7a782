namespace MeshCanary.Proxy.Telling;

/// <summary>Which requests get a line in the access log, and where it goes. Immutable.</summary>
public sealed record AccessLogOptions
{
    /// <summary>The file that lines are appended to, opened again when it has been moved; null for standard output.</summary>
    public string? File { get; init; }

    /// <summary>Share of the requests that get a line, drawn for each: 0 to 1. May change while the proxy runs.</summary>
    public double Share { get; init; } = 1;

    /// <summary>Whether requests that failed get a line also when they were not drawn. May change while the proxy runs.</summary>
    public bool EveryFailure { get; init; }

    /// <summary>Whether lines have the query of the target, which may hold secrets. May change while the proxy runs.</summary>
    public bool WithQuery { get; init; }

    /// <summary>Takes the place of the file.</summary>
    internal ILineSink? Sink { get; init; }
}
