using MeshCanary.Rollouts.Specs.Parsing.Fields;

namespace MeshCanary.Rollouts.Specs.Parsing.Binding;

/// <summary>Reads <c>spec.router.gatewayApi</c>.</summary>
internal static class GatewayApiBinder
{
    public const string Name = "gatewayApi";

    private const string Example = "gatewayApi: { routes: [{ name: checkout }] }, or gatewayApi: { parentRefs: [{ name: public }] }";
    private const int MostParents = 32;
    private const int MostHostnames = 16;

    private static readonly string[] Kinds = ["HTTPRoute", "GRPCRoute"];

    /// <summary>The parameters; the defaults where nothing is written.</summary>
    public static GatewayApiSpec Bind(Value? given, ErrorList errors)
    {
        var defaults = new GatewayApiSpec();
        var fields = FieldSet.Of(given, errors, Example);
        if (fields is null)
            return defaults;
        var (routes, parents, kind, hostnames) = (fields.Optional("routes"), fields.Optional("parentRefs"), fields.Optional("kind"), fields.Optional("hostnames"));
        var spec = new GatewayApiSpec
        {
            Routes = Lists.Of(routes, errors, "[{ name: checkout }]", item => Route(item, errors)),
            ParentRefs = Lists.Of(parents, errors, "[{ name: public, namespace: infra }]", item => Parent(item, errors)),
            Kind = Scalars.OneOf(kind, errors, Kinds) ?? defaults.Kind,
            Hostnames = [.. Lists.Of(hostnames, errors, "[checkout.example.org]", item => Hostname(item, errors)).Distinct(StringComparer.Ordinal)],
            TakesUnreportedParents = Scalars.OneOf(fields.Optional("unreportedParents"), errors, "wait", "take") == "take",
            Propagation = Durations.Read(fields.Optional("propagation"), errors, TimeSpan.Zero, MeshRefusals.LongestPropagation, "5s") ?? defaults.Propagation,
        };
        fields.Close();
        if (routes is not null)
        {
            foreach (var own in new[] { parents, hostnames }.OfType<Value>())
                errors.Add(own, "belongs to the route that MeshCanary makes where none is named", "Remove it, and write it in your own route");
        }

        if (spec.Routes.GroupBy(route => route).FirstOrDefault(same => same.Count() > 1) is { } twice)
            errors.Add(routes!.Value, $"names {twice.Key.Kind} {twice.Key.Name} twice", "Keep one of them");
        TooMany(parents, spec.ParentRefs.Length, MostParents, "parents", errors);
        TooMany(hostnames, spec.Hostnames.Length, MostHostnames, "host names", errors);
        return spec;
    }

    /// <summary>Says what this router cannot do of what the rest of the spec asks for.</summary>
    /// <param name="spec">The fields of <c>spec</c>.</param>
    /// <param name="errors">Where it is said.</param>
    public static void Check(Value spec, ErrorList errors)
    {
        MeshRefusals.Check(Name, spec, errors);
        // Its faults were said when it was read.
        var read = Bind(spec.Find("router", Name), new ErrorList(""));
        if (!HasItems(spec.Find("router", Name, "routes")) && !HasItems(spec.Find("router", Name, "parentRefs")))
            errors.Add(spec.Find("router")!.Value, "names neither routes of yours nor what a route of ours is to be attached to", $"Write {Example}");
        if (spec.Find("router", Name, "parentRefs") is { } parents && spec.Find("service", "ports") is { Node.Items.Count: > 1 } ports)
            errors.Add(ports, $"names {ports.Node.Items.Count} ports, and the route that MeshCanary makes leads to one ({parents.Path} is given)", "Name one port, or write routes of your own");
        if (spec.Find("strategy", "stickiness") is { Node.Text: not "none" } stickiness)
            errors.Add(stickiness, "is not possible with the router gatewayApi: weights of the Gateway API know no users", "Remove it, or write router: { type: proxy }; a sessionPersistence in your own route is left as it is");
        GatewayMatchCheck.Check(spec.Find("strategy", "match"), read.HasGrpc, errors);
    }

    private static bool HasItems(Value? list) => list is { Node.Items.Count: > 0 };

    private static void TooMany(Value? list, int found, int most, string what, ErrorList errors)
    {
        if (found > most)
            errors.Add(list!.Value, $"has {found} {what}; the Gateway API allows {most}", "Shorten the list");
    }

    private static GatewayRouteSpec? Route(Value item, ErrorList errors)
    {
        var fields = FieldSet.Of(item, errors, "{ kind: HTTPRoute, name: checkout }");
        if (fields is null)
            return null;
        var kind = Scalars.OneOf(fields.Optional("kind"), errors, Kinds) ?? Kinds[0];
        var name = Names.Subdomain(fields.Required("name", "name: checkout"), errors, "checkout");
        fields.Refuse("namespace", "is not possible: routes of other namespaces are not changed for this one", "Remove it, and name a route of the Canary's namespace");
        fields.Close();
        return name is null ? null : new GatewayRouteSpec(kind, name);
    }

    private static GatewayParentSpec? Parent(Value item, ErrorList errors)
    {
        var fields = FieldSet.Of(item, errors, "{ kind: Gateway, name: public, namespace: infra }");
        if (fields is null)
            return null;
        var kind = Scalars.OneOf(fields.Optional("kind"), errors, "Gateway", "Service") ?? "Gateway";
        var name = Names.Subdomain(fields.Required("name", "name: public"), errors, "public");
        var space = Names.Label(fields.Optional("namespace"), errors, "infra");
        var section = Names.Subdomain(fields.Optional("sectionName"), errors, "https");
        var port = Scalars.Whole(fields.Optional("port"), errors, 1, 65535, "443");
        fields.Close();
        return name is null ? null : new GatewayParentSpec(kind, name) { Namespace = space, SectionName = section, Port = (int?)port };
    }

    private static string? Hostname(Value item, ErrorList errors)
    {
        if (Scalars.Text(item, errors, "checkout.example.org") is not { } host)
            return null;
        if (DnsNames.IsSubdomain(host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host))
            return host;
        errors.Add(item, $"'{host}' is no host name", "Write for example checkout.example.org or *.example.org, without scheme and port");
        return null;
    }
}
