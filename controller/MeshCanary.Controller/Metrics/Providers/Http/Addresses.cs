namespace MeshCanary.Controller.Metrics.Providers.Http;

/// <summary>Puts addresses together.</summary>
internal static class Addresses
{
    /// <summary>A path below the provider's address, with parameters; those that are null are left out.</summary>
    public static Uri Below(MetricQuestion question, string path, params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        var query = Form(parameters);
        return new Uri($"{question.Provider.Address.TrimEnd('/')}{path}{(query.Length == 0 ? "" : "?")}{query}");
    }

    /// <summary>Parameters as in a query or a form.</summary>
    public static string Form(params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        var parts = new List<string>();
        foreach (var (name, value) in parameters)
        {
            if (value is not null)
                parts.Add($"{Uri.EscapeDataString(name)}={Uri.EscapeDataString(value)}");
        }

        return string.Join('&', parts);
    }

    /// <summary>Whole seconds since 1970.</summary>
    public static string Seconds(DateTimeOffset time) => time.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Milliseconds since 1970.</summary>
    public static string Milliseconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds().ToString(System.Globalization.CultureInfo.InvariantCulture);
}
