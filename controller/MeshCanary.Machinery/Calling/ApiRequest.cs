using MeshCanary.Machinery.Resources;

namespace MeshCanary.Machinery.Calling;

/// <summary>One call to the API server.</summary>
/// <param name="Verb">As in metrics and roles: get, list, watch, create, update, patch, delete.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path without a leading slash.</param>
public sealed record ApiRequest(string Verb, HttpMethod Method, string Path)
{
    /// <summary>The type of object, for metrics and messages; null for discovery.</summary>
    public ResourceType? Type { get; init; }

    /// <summary>The object or namespace that the call is about, for messages.</summary>
    public string Target { get; init; } = "";

    /// <summary>Query parameters; those without a value are left out.</summary>
    public IReadOnlyList<KeyValuePair<string, string?>> Query { get; init; } = [];

    /// <summary>The body as JSON, or null.</summary>
    public string? Body { get; init; }

    /// <summary>The media type of the body.</summary>
    public string ContentType { get; init; } = "application/json";

    /// <summary>The media types that are welcome.</summary>
    public string Accept { get; init; } = "application/json";

    /// <summary>How long the answer may take, body included; for a watch, its headers.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Doing it twice is the same as doing it once, so that it may be tried again when it is not known whether it was done.</summary>
    public bool IsIdempotent { get; init; }

    internal string Call => string.Join(' ', ((string[])[Verb, Type?.ToString() ?? $"/{Path}", Target]).Where(part => part.Length > 0));

    internal string Address()
    {
        var query = string.Join('&', Query.Where(pair => pair.Value is not null).Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value!)}"));
        return query.Length == 0 ? Path : $"{Path}?{query}";
    }
}
