using System.Collections.Immutable;
using MeshCanary.Rollouts.Specs.Parsing.Fields;

namespace MeshCanary.Rollouts.Specs.Parsing.Binding;

/// <summary>Reads the provider of a metric template.</summary>
internal static class MetricProviderBinder
{
    public const string Example = "provider: { type: prometheus, address: http://prometheus.monitoring:9090 }";

    // They answer with the points of a series whatever the query is.
    private static readonly ImmutableHashSet<string> InPoints = [MetricProviderTypes.Datadog, MetricProviderTypes.CloudWatch, MetricProviderTypes.Graphite];

    // They answer with one number whatever the query is.
    private static readonly ImmutableHashSet<string> InOne = [MetricProviderTypes.Prometheus, MetricProviderTypes.Dynatrace, MetricProviderTypes.Job];

    public static MetricProviderSpec? Bind(Value? provider, ErrorList errors)
    {
        var fields = FieldSet.Of(provider, errors, Example);
        if (fields is null)
            return null;
        var type = Scalars.OneOf(fields.Required("type", "type: prometheus"), errors, MetricProviderTypes.All.AsSpan());
        if (type == MetricProviderTypes.Job)
        {
            foreach (var name in (string[])["address", "secretRef", "headers", "tls"])
                fields.Refuse(name, "is not asked for by a Job, which runs in the template's own namespace", "Remove it; what its pod needs is in the template");
        }

        if (type is not null && InOne.Contains(type))
            fields.Refuse("reduce", $"is not asked for by {type}, which answers with one number for a series", "Remove it");
        var secret = Secret(fields.Optional("secretRef"), errors);
        var headers = MetricHeaderBinder.Bind(fields.Optional("headers"), errors);
        var tls = MetricTlsBinder.Bind(fields.Optional("tls"), errors);
        var reduce = Reduction(fields.Optional("reduce"), type, fields.At, errors);
        var spec = new MetricProviderSpec
        {
            Type = type ?? "",
            Address = "",
            SecretName = secret,
            Headers = headers,
            Tls = tls,
            Reduce = reduce,
            CloudWatch = Only(MetricProviderTypes.CloudWatch, "{ region: eu-west-1 }", ProviderPartBinder.CloudWatch),
            NewRelic = Only(MetricProviderTypes.NewRelic, "{ account: 1234567 }", ProviderPartBinder.NewRelic),
            InfluxDb = Only(MetricProviderTypes.InfluxDb, "{ organization: shop }", ProviderPartBinder.InfluxDb),
            Web = Only(MetricProviderTypes.Web, "{ jsonPath: $.value }", ProviderPartBinder.Web),
            Job = Only(MetricProviderTypes.Job, "{ template: … }", MetricJobBinder.Bind),
        };
        var address = Address(fields, spec, errors);
        fields.Close();
        return type is null || address is null ? null : spec with { Address = address };

        // What belongs to one type: asked for with it, and an error with another.
        T? Only<T>(string name, string example, Func<Value?, ErrorList, T?> read)
            where T : class
        {
            if (type == name)
                return read(fields.Required(name, $"{name}: {example}"), errors);
            var value = fields.Optional(name);
            if (value is { } given && type is not null)
                errors.Add(given, $"belongs to the type {name}; the type is {type}", $"Remove it, or write type: {name}");
            else
                read(value, errors);
            return null;
        }
    }

    private static string? Address(FieldSet fields, MetricProviderSpec spec, ErrorList errors)
    {
        if (spec.Type == MetricProviderTypes.Job)
            return "";

        if (fields.Optional("address") is { } written)
            return MetricAddress.Read(written, errors);
        if (Usual(spec) is { } usual)
            return usual;
        var example = spec.Type switch
        {
            MetricProviderTypes.Graphite => "http://graphite.monitoring",
            MetricProviderTypes.InfluxDb => "http://influxdb.monitoring:8086",
            MetricProviderTypes.Dynatrace => "https://abc12345.live.dynatrace.com",
            MetricProviderTypes.Web => "https://metrics.shop.svc",
            _ => MetricAddress.Example,
        };
        fields.Required("address", $"address: {example}");
        return null;
    }

    // Those who run at one place have an address already; others of their sites are written.
    private static string? Usual(MetricProviderSpec spec) => spec.Type switch
    {
        MetricProviderTypes.Datadog => "https://api.datadoghq.com",
        MetricProviderTypes.NewRelic => "https://api.newrelic.com",
        MetricProviderTypes.CloudWatch when spec.CloudWatch is { Region: var region } =>
            $"https://monitoring.{region}.amazonaws.com{(region.StartsWith("cn-", StringComparison.Ordinal) ? ".cn" : "")}",
        // Without a region, which is an error already, nothing is to be said of the address.
        MetricProviderTypes.CloudWatch => "",
        _ => null,
    };

    private static PointReduction? Reduction(Value? value, string? type, Value provider, ErrorList errors)
    {
        if (value is null && type is not null && InPoints.Contains(type))
        {
            errors.Add(provider.Path + ".reduce", provider.Node.Line, provider.Node.Column, $"is missing: {type} answers with several points for a window", "Write which number they stand for: reduce: last, average, sum, min or max");
            return null;
        }

        return Scalars.OneOf(value, errors, "last", "average", "sum", "min", "max") switch
        {
            "last" => PointReduction.Last,
            "average" => PointReduction.Average,
            "sum" => PointReduction.Sum,
            "min" => PointReduction.Min,
            "max" => PointReduction.Max,
            _ => null,
        };
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
