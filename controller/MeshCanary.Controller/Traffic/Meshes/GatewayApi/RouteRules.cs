using System.Text.Json.Nodes;

namespace MeshCanary.Controller.Traffic.Meshes.GatewayApi;

/// <summary>
/// Turns the rules of a route as its owner means them into those that split, and back. Back needs only what is there and what was
/// kept, so that whatever the owner changed meanwhile is kept too. Nothing that is given is changed.
/// </summary>
/// <param name="kind">The kind of route.</param>
/// <param name="split">Where the Service's requests go.</param>
internal sealed class RouteRules(string kind, ArmSplit split)
{
    /// <summary>Whether a rule leads to the Service.</summary>
    public bool IsSplit(JsonNode? rule) => List(rule).Any(one => Backends.IsSplit(one, split));

    /// <summary>The rules as their owner means them.</summary>
    /// <param name="rules">What is there.</param>
    /// <param name="kept">What was kept; null when nothing was changed.</param>
    public JsonArray Original(JsonArray rules, KeptRoute? kept)
    {
        var original = new JsonArray();
        var place = 0;
        foreach (var rule in rules)
        {
            if (kept is null || !HasArms(rule, kept))
            {
                place += IsSplit(rule) ? 1 : 0;
                original.Add(rule?.DeepClone());
            }
            else if (!IsAdded(rule!, kept))
            {
                original.Add(Whole(rule!.AsObject(), kept, place++));
            }
        }

        return original;
    }

    /// <summary>The rules that split.</summary>
    /// <param name="original">The rules as their owner means them.</param>
    /// <param name="problem">What the API has no room or no form for, in plain words; null when it has.</param>
    public JsonArray Split(JsonArray original, out string? problem)
    {
        problem = null;
        var rules = new JsonArray();
        // What is to come has to have room before anything is written.
        var room = new RouteRoom();
        foreach (var rule in original)
        {
            if (!IsSplit(rule))
            {
                rules.Add(rule?.DeepClone());
                room.Add(rule, 0);
                continue;
            }

            room.Add(rule, List(rule).Count(one => Backends.IsSplit(one, split)));
            if (Added(rule!.AsObject(), ref problem) is { } added)
            {
                room.Add(added, 0);
                if (split.IsExposed)
                    rules.Add(added);
            }

            var copy = rule.DeepClone().AsObject();
            copy["backendRefs"] = Backends.Split(List(rule), split);
            if (split.IsExposed && split.Mirrored > 0)
                Mirror(copy);
            if (split.Canary is not null && !Backends.Shares(List(rule), split).IsFaithful)
                problem ??= $"smaller weights of the backends beside {split.Service}: below the API's largest weight, {WeightShares.Largest}, there is no room for a share of {split.Share}";
            rules.Add(copy);
        }

        problem ??= room.Problem;
        return rules;
    }

    // What the match rules hold for, of what a rule holds for: it stands before that rule, has all that it has, and leads to the canary alone.
    private JsonObject? Added(JsonObject rule, ref string? problem)
    {
        if (split.Rules.IsEmpty || List(rule).FirstOrDefault(one => Backends.IsSplit(one, split) && Backends.Weight(one) > 0) is not { } backend)
            return null;
        var matches = new Narrowing(kind).Narrow(Matches(rule), split.Rules, out var unsayable);
        problem ??= unsayable;
        if (matches.Count == 0)
            return null;
        var added = rule.DeepClone().AsObject();
        // Names of rules are unique.
        added.Remove("name");
        added["matches"] = matches;
        // Stable comes after the canary, with nothing: by that order it is known from a rule that splits, whatever people do to that.
        added["backendRefs"] = new JsonArray(Backends.Leading(backend, split.Canary, 1), Backends.Leading(backend, split.Stable, 0));
        return added;
    }

    private void Mirror(JsonObject rule)
    {
        var backend = List(rule).First(one => Backends.ServiceOf(one, split.Namespace) == split.Canary)!;
        if (rule["filters"] is not JsonArray filters)
            rule["filters"] = filters = [];
        filters.Add(Copies.Filter(split.Canary!, Backends.Number(backend, "port"), split.Mirrored));
    }

    private bool HasArms(JsonNode? rule, KeptRoute kept) => List(rule).Any(one => kept.IsArm(Backends.ServiceOf(one, split.Namespace)));

    private bool IsAdded(JsonNode rule, KeptRoute kept) =>
        List(rule) is { Count: 2 } list && Backends.ServiceOf(list[0], split.Namespace) == kept.Canary && Backends.ServiceOf(list[1], split.Namespace) == kept.Stable;

    private JsonObject Whole(JsonObject rule, KeptRoute kept, int place)
    {
        var whole = rule.DeepClone().AsObject();
        var written = split with { Stable = kept.Stable!, Canary = kept.Canary, Weight = kept.Weight };
        // By its place; by what was written, when rules were moved; and when somebody wrote into what is ours, again by its place.
        var before = kept.Backends.Skip(place).Take(1).Concat(kept.Backends).FirstOrDefault(list => FilledIn.IsSame(Backends.Split(list, written), List(rule)))
            ?? kept.Backends.ElementAtOrDefault(place);
        whole["backendRefs"] = before?.DeepClone() ?? Gathered(List(rule), kept);
        if (whole["filters"] is JsonArray filters && filters.FirstOrDefault(filter => Copies.IsTo(filter, kept)) is { } ours)
        {
            filters.Remove(ours);
            if (filters.Count == 0)
                whole.Remove("filters");
        }

        return whole;
    }

    // A rule of which nothing was kept, such as a copy that somebody made of one that splits: what its arms have together is the Service's.
    private JsonArray Gathered(JsonArray backends, KeptRoute kept)
    {
        var arms = backends.Where(one => kept.IsArm(Backends.ServiceOf(one, split.Namespace))).ToArray();
        return
        [
            .. from one in backends
               where !arms.Contains(one) || one == arms[0]
               select one == arms[0] ? Backends.Leading(one!, split.Service, arms.Sum(Backends.Weight)) : one?.DeepClone(),
        ];
    }

    private static JsonArray List(JsonNode? rule) => (rule as JsonObject)?["backendRefs"] as JsonArray ?? [];

    private static JsonArray? Matches(JsonNode? rule) => (rule as JsonObject)?["matches"] as JsonArray;
}
