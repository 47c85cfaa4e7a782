namespace MeshCanary.Proxy.Configuring;

/// <summary>Path prefixes as routing wants them.</summary>
internal static class RoutePattern
{
    /// <summary>Without a trailing slash, except for the root: "/api/" and "/api" serve the same paths.</summary>
    public static string Normalise(string prefix)
    {
        var trimmed = prefix.TrimEnd('/');
        return trimmed.Length == 0 ? "/" : trimmed;
    }

    /// <summary>The route template of a prefix; it ends at a segment boundary, so "/api" does not serve "/apix".</summary>
    public static string Template(string prefix)
    {
        var literal = Normalise(prefix).Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal);
        return literal == "/" ? "/{**rest}" : literal + "/{**rest}";
    }
}
