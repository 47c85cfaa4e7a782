using System.Globalization;
using System.Text.Json.Nodes;
using MeshCanary.Rollouts.Specs;
using MeshCanary.Splitting.Weights;

namespace MeshCanary.Controller.Traffic.Meshes.Istio;

/// <summary>Splits routes as their owner means them: destinations in place, and routes of our own before those that rules and cookies concern. Pure.</summary>
/// <param name="hosts">Which hosts are meant.</param>
/// <param name="split">The split.</param>
/// <param name="prefix">What the names of our own routes begin with.</param>
internal sealed class SplitRoutes(HostNames hosts, IstioSplit split, string prefix)
{
    private readonly Destinations _destinations = new(hosts);

    /// <summary>Why Istio cannot do what is asked for with these routes, in plain words and with what to do; null when it can.</summary>
    public string? Problem { get; private set; }

    /// <summary>The routes of HTTP, split.</summary>
    /// <param name="routes">As their owner means them.</param>
    /// <param name="isMeant">Whether a route is one that is to be split.</param>
    public JsonArray Http(JsonArray routes, Func<JsonNode?, bool> isMeant)
    {
        var result = new JsonArray();
        var number = 0;
        foreach (var route in routes)
        {
            if (!isMeant(route))
            {
                result.Add(route?.DeepClone());
                continue;
            }

            number++;
            foreach (var one in Before(route!.AsObject(), number))
                result.Add(one);
            result.Add(Main(route.AsObject()));
        }

        return result;
    }

    /// <summary>The routes of TLS or TCP, split by weight alone.</summary>
    /// <param name="routes">As their owner means them.</param>
    /// <param name="isMeant">Whether a route is one that is to be split.</param>
    public JsonArray Streams(JsonArray routes, Func<JsonNode?, bool> isMeant) =>
        [.. routes.Select(route => isMeant(route) ? With(route!.AsObject(), split.Weight, BasisPoints.Whole) : route?.DeepClone())];

    private JsonObject Main(JsonObject route)
    {
        var main = With(route, split.Weight, BasisPoints.Whole, split.Canary is null ? null : Told(Token(split.Weight)));
        if (split.Mirror == 0 || split.Canary is null)
            return main;
        if (route["mirror"] is not null)
        {
            Problem = $"{Name(route)} has a mirror of its own beside the Canary's; write it as an item of mirrors";
            return main;
        }

        var target = _destinations.First(route)!.DeepClone().AsObject();
        target["host"] = HostNames.With(target["host"]!.GetValue<string>(), split.Canary);
        var mirrors = main["mirrors"] as JsonArray ?? [];
        mirrors.Add(new JsonObject { ["destination"] = target, ["percentage"] = new JsonObject { ["value"] = split.Mirror / 100.0 } });
        main["mirrors"] = mirrors;
        return main;
    }

    // In the order in which they count: rules, then users that have been sent somewhere, then everybody else.
    private IEnumerable<JsonObject> Before(JsonObject route, int number)
    {
        if (split.Canary is null)
            yield break;
        if (!split.Match.IsEmpty && Narrowed(route, [.. split.Match.Select(IstioMatches.Of)]) is { } matching)
            yield return Named(With(matching, BasisPoints.Whole, BasisPoints.Whole), number, "match");
        if (split.Stickiness?.Cookie is not { } cookie)
            yield break;
        if (Narrowed(route, [IstioMatches.Cookie(cookie, split.Revision)]) is { } theirs)
            yield return Named(With(theirs, BasisPoints.Whole, BasisPoints.Whole), number, "canary");
        if (Narrowed(route, [IstioMatches.Cookie(cookie, Token(split.Weight))]) is { } others)
            yield return Named(With(others, 0, BasisPoints.Whole), number, "stable");
        // Who was left with stable at a lower weight comes over with the probability that makes the shares right, and nobody goes back.
        foreach (var weight in split.Earlier)
        {
            if (Narrowed(route, [IstioMatches.Cookie(cookie, Token(weight))]) is { } earlier)
                yield return Named(With(earlier, split.Weight - weight, BasisPoints.Whole - weight, Told(Token(split.Weight))), number, weight.ToString(CultureInfo.InvariantCulture));
        }
    }

    private JsonObject With(JsonObject route, long weight, long whole, Action<JsonObject, bool>? mark = null)
    {
        var copy = route.DeepClone().AsObject();
        copy["route"] = _destinations.Split(route, split.Stable, split.Canary, weight, whole, mark);
        return copy;
    }

    private JsonObject Named(JsonObject route, int number, string what)
    {
        // First, as people write it.
        var named = new JsonObject { ["name"] = string.Create(CultureInfo.InvariantCulture, $"{prefix}{number}-{what}") };
        foreach (var (field, value) in route.Where(field => field.Key != "name"))
            named[field] = value?.DeepClone();
        return named;
    }

    private JsonObject? Narrowed(JsonObject route, IReadOnlyList<JsonObject> conditions)
    {
        var blocks = Destinations.List(route["match"]).OfType<JsonObject>().ToList();
        var matches = new JsonArray();
        foreach (var block in blocks.Count == 0 ? [[]] : blocks)
        {
            foreach (var condition in conditions)
            {
                if (IstioMatches.Both(block, condition) is not { } both)
                {
                    Problem = $"{Name(route)} matches {string.Join(", ", condition.Select(field => field.Key))} itself, which a rule or cookie of the Canary would have to narrow; leave the route out by spec.router.istio.virtualServices.routes, or take the rule away";
                    return null;
                }

                matches.Add(both);
            }
        }

        var narrowed = route.DeepClone().AsObject();
        narrowed["match"] = matches;
        return narrowed;
    }

    // Tells a user's browser where it was sent: the new version's revision, with the weight where it was stable.
    private Action<JsonObject, bool>? Told(string stable)
    {
        if (split.Stickiness is not { Cookie: { } cookie } stickiness)
            return null;
        return (arm, isCanary) =>
        {
            var added = Inner(Inner(Inner(arm, "headers"), "response"), "add");
            if (added.Any(header => header.Key.Equals("set-cookie", StringComparison.OrdinalIgnoreCase)))
                Problem = $"a destination on {hosts.Service} adds a set-cookie of its own, and Istio has room for one; set it elsewhere, or leave stickiness out";
            else
                added["set-cookie"] = $"{cookie}={(isCanary ? split.Revision : stable)}; Path=/{Age(stickiness)}; HttpOnly; SameSite=Lax";
        };
    }

    private string Token(int weight) => string.Create(CultureInfo.InvariantCulture, $"{split.Revision}.{weight}");

    private static string Age(StickinessSpec stickiness) =>
        stickiness.Lifetime is { } life ? string.Create(CultureInfo.InvariantCulture, $"; Max-Age={(long)life.TotalSeconds}") : "";

    private static JsonObject Inner(JsonObject node, string name)
    {
        if (node[name] is not JsonObject inner)
            node[name] = inner = [];
        return inner;
    }

    private static string Name(JsonObject route) => route["name"] is JsonValue value && value.TryGetValue<string>(out var name) ? $"route {name}" : "a route without a name";
}
