using System.Collections.Immutable;
using System.Globalization;
using MeshCanary.Rollouts.Specs.Parsing.Fields;
using MeshCanary.Rollouts.Specs.Parsing.Yaml;

namespace MeshCanary.Rollouts.Specs.Parsing.Binding;

/// <summary>Reads <c>spec.service</c>.</summary>
internal static class ServiceBinder
{
    public static ServiceSpec? Bind(Value? service, Platform platform, ErrorList errors)
    {
        var fields = FieldSet.Of(service, errors, "service: { name: checkout }");
        if (fields is null)
            return null;
        var name = Names.Label(fields.Required("name", "name: checkout"), errors, "checkout");
        ImmutableArray<string> hosts = Lists.Of(fields.Optional("hosts"), errors, "[checkout.example.org]", item => Host(item, errors));
        var prefix = Names.Path(fields.Optional("pathPrefix"), errors, "/");
        var ports = platform == Platform.Kubernetes ? fields.Optional("ports") : null;
        var split = Lists.Of(ports, errors, "[http]", item => Port(item, errors));
        if (ports is { Node: { Kind: NodeKind.Sequence, Items.Count: 0 } } empty)
            errors.Add(empty, "is empty, and nothing would be split", "Name at least one port of the Service, or leave it out for all of them");
        var allow = platform == Platform.Kubernetes ? fields.Optional("allow") : null;
        var allowed = Lists.Of(allow, errors, "[headless]", item => Scalars.OneOf(item, errors, "headless", "clientIP"));
        fields.Close();
        return name is null
            ? null
            : new ServiceSpec
            {
                Name = name,
                Hosts = [.. hosts.Distinct(StringComparer.Ordinal)],
                PathPrefix = prefix ?? "/",
                Ports = ports is null ? null : [.. split.Distinct(StringComparer.Ordinal)],
                Allow = allow is null ? null : allowed,
            };
    }

    private static string? Port(Value value, ErrorList errors)
    {
        if (Scalars.Text(value, errors, "http or 8080") is not { } text)
            return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number is > 0 and <= 65535 : DnsNames.IsLabel(text))
            return text;
        errors.Add(value, $"'{text}' is neither the name of a port nor a number from 1 to 65535", "Write it as the Service has it, such as http or 8080");
        return null;
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
