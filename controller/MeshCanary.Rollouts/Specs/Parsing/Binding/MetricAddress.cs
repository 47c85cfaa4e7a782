using MeshCanary.Rollouts.Specs.Parsing.Fields;

namespace MeshCanary.Rollouts.Specs.Parsing.Binding;

/// <summary>Reads the address of a metric provider.</summary>
internal static class MetricAddress
{
    public const string Example = "http://prometheus.monitoring:9090";

    public static string? Read(Value? value, ErrorList errors)
    {
        if (Scalars.Text(value, errors, Example) is not { } text)
            return null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps) || uri.Host.Length == 0)
            errors.Add(value!.Value, $"'{text}' is not an absolute http or https address", $"Write for example {Example}");
        else if (uri.UserInfo.Length > 0)
            errors.Add(value!.Value, "holds credentials, which everybody may read here", "Put them into a Secret and name it in secretRef");
        else if (uri.Query.Length > 0 || uri.Fragment.Length > 0)
            errors.Add(value!.Value, $"'{text}' holds a query or fragment", "Leave it out; the query is a field of its own");
        else
            return text;
        return null;
    }
}
