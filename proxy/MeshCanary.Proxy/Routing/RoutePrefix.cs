namespace MeshCanary.Proxy.Routing;

/// <summary>Path prefixes in the one form that they are compared in.</summary>
internal static class RoutePrefix
{
    /// <summary>The prefix of every path.</summary>
    public const string Root = "/";

    /// <summary>Without a trailing slash, except for the root: "/api/" and "/api" serve the same paths.</summary>
    public static string Normalise(string prefix)
    {
        var trimmed = prefix.TrimEnd('/');
        return trimmed.Length == 0 ? Root : trimmed;
    }
}
