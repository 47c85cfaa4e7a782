using System.Text.Json.Nodes;
using MeshCanary.Rollouts.Specs.Parsing.Fields;
using MeshCanary.Rollouts.Specs.Parsing.Json;
using MeshCanary.Splitting.Rules;

namespace MeshCanary.Rollouts.Specs.Parsing.Binding;

/// <summary>Reads <c>spec.router.istio</c>.</summary>
internal static class IstioBinder
{
    public const string Name = "istio";

    private const string Example = "istio: { virtualServices: [{ name: checkout }] }";

    // What says where requests go is ours to write; the rest of a route is passed through.
    private static readonly string[] PassedThrough = ["corsPolicy", "fault", "headers", "retries", "rewrite", "timeout"];

    /// <summary>The parameters; the defaults where nothing is written.</summary>
    public static IstioSpec Bind(Value? given, ErrorList errors)
    {
        var defaults = new IstioSpec();
        var fields = FieldSet.Of(given, errors, Example);
        if (fields is null)
            return defaults;
        var virtualServices = Lists.Of(fields.Optional("virtualServices"), errors, "[{ name: checkout }]", item => VirtualService(item, errors));
        var own = new[] { fields.Optional("hosts"), fields.Optional("gateways"), fields.Optional("http") };
        var spec = new IstioSpec
        {
            VirtualServices = virtualServices,
            Hosts = Lists.Of(own[0], errors, "[checkout.example.org]", item => Host(item, errors)),
            Gateways = Lists.Of(own[1], errors, "[mesh, shop/public]", item => Gateway(item, errors)),
            Http = Http(own[2], errors),
            Propagation = Durations.Read(fields.Optional("propagation"), errors, TimeSpan.Zero, MeshRefusals.LongestPropagation, "5s") ?? defaults.Propagation,
        };
        fields.Close();
        foreach (var belonging in own.OfType<Value>().Where(_ => !virtualServices.IsEmpty))
            errors.Add(belonging, "belongs to the VirtualService that MeshCanary makes where none is named", "Remove it, and write it in your own VirtualService");
        if (virtualServices.GroupBy(one => one.Name).FirstOrDefault(same => same.Count() > 1) is { } twice)
            errors.Add(fields.At, $"names the VirtualService {twice.Key} twice", "Keep one of them, with the routes of both");
        return spec;
    }

    /// <summary>Says what Istio cannot do of what the rest of the spec asks for.</summary>
    /// <param name="spec">The fields of <c>spec</c>.</param>
    /// <param name="strategy">The strategy as it was read; null when it could not be.</param>
    /// <param name="errors">Where it is said.</param>
    public static void Check(Value spec, StrategySpec? strategy, ErrorList errors)
    {
        MeshRefusals.Check(Name, spec, errors);
        if (spec.Find("strategy", "match") is { Node.Items: { } items } match && items.Count == strategy?.Match.Length)
        {
            for (var index = 0; index < items.Count; index++)
                CheckRule(match.Item(index), strategy.Match[index], errors);
        }

        if (spec.Find("strategy", "stickiness", "header") is { } header)
            errors.Add(header, "is not possible with the router istio, which splits at random and knows no users", "Write a cookie, or router: { type: proxy }");
    }

    // A header has one condition there, and all cookies are one header.
    private static void CheckRule(Value at, MatchRule rule, ErrorList errors)
    {
        var places = rule.Conditions.Select(condition => condition.Part switch
        {
            RequestPart.Cookie => "header cookie",
            RequestPart.Header => $"header {condition.Name.ToLowerInvariant()}",
            RequestPart.Query => $"query {condition.Name}",
            RequestPart.Path => "path",
            _ => "method",
        });
        if (places.GroupBy(place => place).FirstOrDefault(same => same.Count() > 1) is { } twice)
            errors.Add(at, $"is not possible with the router istio, which takes one condition on the {twice.Key}", "Write one of them, or a pattern that says both");
    }

    private static VirtualServiceSpec? VirtualService(Value item, ErrorList errors)
    {
        var fields = FieldSet.Of(item, errors, "{ name: checkout, routes: [primary] }");
        if (fields is null)
            return null;
        var name = Names.Subdomain(fields.Required("name", "name: checkout"), errors, "checkout");
        var routes = Lists.Of(fields.Optional("routes"), errors, "[primary]", route => Scalars.Text(route, errors, "primary"));
        fields.Close();
        return name is null ? null : new VirtualServiceSpec(name, [.. routes.Distinct(StringComparer.Ordinal)]);
    }

    private static string? Host(Value item, ErrorList errors)
    {
        if (Scalars.Text(item, errors, "checkout.example.org") is not { } host)
            return null;
        if (DnsNames.IsSubdomain(host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host))
            return host;
        errors.Add(item, $"'{host}' is no host name", "Write for example checkout.example.org");
        return null;
    }

    private static string? Gateway(Value item, ErrorList errors)
    {
        if (Scalars.Text(item, errors, "shop/public") is not { } gateway)
            return null;
        if (gateway.Split('/') is { Length: 1 or 2 } parts && parts.All(DnsNames.IsSubdomain))
            return gateway;
        errors.Add(item, $"'{gateway}' is no gateway", "Write mesh for the sidecars, or a Gateway as NAME or NAMESPACE/NAME");
        return null;
    }

    private static string Http(Value? http, ErrorList errors)
    {
        var fields = FieldSet.Of(http, errors, "http: { timeout: 5s, retries: { attempts: 2 } }");
        if (fields is null)
            return "";
        var passed = new JsonObject();
        foreach (var name in PassedThrough)
        {
            if (fields.Optional(name) is { } value)
                passed[name] = NodeJson.Write(value.Node);
        }

        fields.Close();
        return passed.Count == 0 ? "" : passed.ToJsonString();
    }
}
