using MeshCanary.Rollouts.Specs.Parsing.Fields;

namespace MeshCanary.Rollouts.Specs.Parsing.Binding;

/// <summary>Reads the <c>spec</c> of a metric template.</summary>
internal static class MetricTemplateBinder
{
    private const string ProviderExample = "provider: { type: prometheus, address: http://prometheus.monitoring:9090 }";

    public static MetricTemplateSpec? Bind(Value? spec, ErrorList errors)
    {
        var fields = FieldSet.Of(spec, errors, "spec: with provider and query");
        if (fields is null)
            return null;
        var provider = Provider(fields.Required("provider", ProviderExample), errors);
        var (query, total, args) = MetricQueryBinder.Bind(fields, errors);
        var interval = Durations.Read(fields.Optional("interval"), errors, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), "30s");
        var timeout = Durations.Read(fields.Optional("timeout"), errors, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1), "10s");
        fields.Close();
        if (provider is null || query is null)
            return null;
        var defaults = new MetricTemplateSpec { Provider = provider, Query = query, TotalQuery = total, Arguments = args, Interval = interval };
        return defaults with { Timeout = timeout ?? defaults.Timeout };
    }

    private static MetricProviderSpec? Provider(Value? provider, ErrorList errors)
    {
        var fields = FieldSet.Of(provider, errors, ProviderExample);
        if (fields is null)
            return null;
        var type = Scalars.OneOf(fields.Required("type", "type: prometheus"), errors, "prometheus");
        var address = Address(fields.Required("address", "address: http://prometheus.monitoring:9090"), errors);
        var secret = Secret(fields.Optional("secretRef"), errors);
        fields.Close();
        return type is null || address is null ? null : new MetricProviderSpec { Type = type, Address = address, SecretName = secret };
    }

    private static string? Address(Value? value, ErrorList errors)
    {
        const string Example = "http://prometheus.monitoring:9090";
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

    private static string? Secret(Value? value, ErrorList errors)
    {
        var fields = FieldSet.Of(value, errors, "secretRef: { name: prometheus-token }");
        if (fields is null)
            return null;
        var name = Names.Subdomain(fields.Required("name", "name: prometheus-token"), errors, "prometheus-token");
        fields.Close();
        return name;
    }
}
