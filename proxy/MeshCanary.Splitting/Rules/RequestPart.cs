namespace MeshCanary.Splitting.Rules;

/// <summary>The part of a request that a condition looks at.</summary>
public enum RequestPart
{
    /// <summary>A header; names compare without regard to case, values with.</summary>
    Header,

    /// <summary>A cookie.</summary>
    Cookie,

    /// <summary>A query parameter, decoded.</summary>
    Query,

    /// <summary>The path, decoded, always starting with a slash.</summary>
    Path,

    /// <summary>The method; it compares with regard to case, as HTTP has it.</summary>
    Method,
}
