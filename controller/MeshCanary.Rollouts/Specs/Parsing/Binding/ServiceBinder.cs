using System.Collections.Immutable;
using MeshCanary.Rollouts.Specs.Parsing.Fields;

namespace MeshCanary.Rollouts.Specs.Parsing.Binding;

/// <summary>Reads <c>spec.service</c>.</summary>
internal static class ServiceBinder
{
    public static ServiceSpec? Bind(Value? service, ErrorList errors)
    {
        var fields = FieldSet.Of(service, errors, "service: { name: checkout }");
        if (fields is null)
            return null;
        var name = Names.Label(fields.Required("name", "name: checkout"), errors, "checkout");
        ImmutableArray<string> hosts = Lists.Of(fields.Optional("hosts"), errors, "[checkout.example.org]", item => Host(item, errors));
        var prefix = Names.Path(fields.Optional("pathPrefix"), errors, "/");
        fields.Close();
        return name is null ? null : new ServiceSpec { Name = name, Hosts = [.. hosts.Distinct(StringComparer.Ordinal)], PathPrefix = prefix ?? "/" };
    }

    private static string? Host(Value value, ErrorList errors)
    {
        if (Scalars.Text(value, errors, "checkout.example.org") is { } text && text.Contains(':', StringComparison.Ordinal))
        {
            errors.Add(value, $"'{text}' is not a host name alone", "Leave out scheme and port");
            return null;
        }

        return Names.Subdomain(value, errors, "checkout.example.org");
    }
}
