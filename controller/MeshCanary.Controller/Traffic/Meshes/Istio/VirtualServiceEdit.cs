using System.Text.Json;
using System.Text.Json.Nodes;
using MeshCanary.Controller.Crds;
using MeshCanary.Machinery.Applying;
using MeshCanary.Machinery.Resources;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Traffic.Meshes.Istio;

/// <summary>A VirtualService of the user, and what is to become of it for a Canary. Nothing in it but destinations, and routes of our own, is changed. Pure.</summary>
internal sealed class VirtualServiceEdit
{
    private readonly RawObject _seen;
    private readonly string _canary;
    private readonly JsonObject _spec;
    private readonly Dictionary<string, JsonArray?> _wanted = new(StringComparer.Ordinal);
    private readonly KeptRoutes? _before;
    private readonly KeptRoutes? _kept;

    private VirtualServiceEdit(RawObject seen, string canary, HostNames hosts, IstioSplit? split, VirtualServiceSpec? named)
    {
        (_seen, _canary) = (seen, canary);
        _spec = seen.At("spec") is { ValueKind: JsonValueKind.Object } spec ? JsonObject.Create(spec)! : [];
        _before = KeptRoutes.Of(seen, canary);
        var (users, destinations) = (new UserRoutes(hosts, canary), new Destinations(hosts));
        var splitting = split is null ? null : new SplitRoutes(hosts, split, users.OwnPrefix);
        var kept = new JsonObject();
        foreach (var section in UserRoutes.Sections)
        {
            var original = users.Of(_spec[section] as JsonArray, _before?.Section(section) ?? []);
            _wanted[section] = original;
            if (original is null || splitting is null)
                continue;
            bool IsMeant(JsonNode? route) => destinations.LeadsToService(route) && (named!.Routes.IsEmpty || (section == "http" && named.Routes.Contains(NameOf(route) ?? "")));
            var meant = original.Where(IsMeant).ToList();
            if (meant.Count == 0)
                continue;
            kept[section] = new JsonArray([.. meant.Select(route => route?.DeepClone())]);
            _wanted[section] = section == "http" ? splitting.Http(original, IsMeant) : splitting.Streams(original, IsMeant);
        }

        Problem = splitting?.Problem ?? (split is null ? null : Missing(named!, kept));
        _kept = split is null ? null : new KeptRoutes(split.ToString(), kept);
    }

    /// <summary>Its name.</summary>
    public string Name => _seen.Metadata.Name;

    /// <summary>Why it cannot be as it is wanted; null when it can.</summary>
    public string? Problem { get; }

    /// <summary>Whether it is as it is wanted.</summary>
    public bool IsDone => Array.TrueForAll(UserRoutes.Sections, section => Same(_wanted[section], _spec[section])) && Same(Parsed(Annotation), Parsed(Noted));

    /// <summary>What people are told when somebody else has written what we have set; null when the difference is our own change of mind.</summary>
    public string? Told => _kept is not null && _before?.Plan == _kept.Plan
        ? $"Routes of VirtualService {Name} were written by somebody else, which sent traffic past Canary {_canary}; their destinations are set again, and all else stays as it was written. Have your pipeline ignore spec.http[].route of this VirtualService."
        : null;

    /// <summary>It as it should be for a split.</summary>
    public static VirtualServiceEdit Split(RawObject seen, string canary, HostNames hosts, IstioSplit split, VirtualServiceSpec named) => new(seen, canary, hosts, split, named);

    /// <summary>It as its owner wrote it.</summary>
    public static VirtualServiceEdit Restore(RawObject seen, string canary, HostNames hosts) => new(seen, canary, hosts, null, null);

    /// <summary>The change.</summary>
    public JsonPatch Patch()
    {
        var patch = new JsonPatch().TestVersion(_seen.Metadata.ResourceVersion);
        foreach (var section in UserRoutes.Sections.Where(section => !Same(_wanted[section], _spec[section])))
            patch.Replace($"/spec/{section}", _wanted[section]);
        var path = JsonPatch.Path("metadata", "annotations", ApiNames.OriginalRoutesAnnotation);
        if (Same(Parsed(Annotation), Parsed(Noted)))
            return patch;
        if (Noted is not { } noted)
            return patch.Remove(path);
        return _seen.Metadata.Annotations is null
            ? patch.Add("/metadata/annotations", new JsonObject { [ApiNames.OriginalRoutesAnnotation] = noted })
            : patch.Add(path, noted);
    }

    private string? Annotation => _seen.Metadata.Annotations?.TryGetValue(ApiNames.OriginalRoutesAnnotation, out var text) == true ? text : null;

    private string? Noted => KeptRoutes.Write(_seen, _canary, _kept);

    private string? Missing(VirtualServiceSpec named, JsonObject kept)
    {
        var found = Destinations.List(kept["http"]).Select(NameOf).ToHashSet();
        var missing = named.Routes.Where(route => !found.Contains(route)).ToList();
        if (missing.Count > 0)
            return $"no HTTP route {string.Join(", ", missing)} leads to the Service; correct spec.router.istio.virtualServices.routes, or the route";
        if (kept.Count > 0)
            return null;
        var delegates = Destinations.List(_spec["http"]).Select(route => route?["delegate"]?["name"]).OfType<JsonValue>().Select(name => name.ToString()).Distinct(StringComparer.Ordinal).ToList();
        return delegates.Count > 0
            ? $"no route leads to the Service; it delegates to {string.Join(", ", delegates)}: name that one in spec.router.istio.virtualServices"
            : "no route leads to the Service; name another VirtualService, or add a destination to it";
    }

    private static string? NameOf(JsonNode? route) => route?["name"] is JsonValue value && value.TryGetValue<string>(out var name) ? name : null;

    private static JsonNode? Parsed(string? text)
    {
        try
        {
            return text is null ? null : JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            // What is no JSON is replaced as a whole.
            return text;
        }
    }

    // By what they mean: a number that was read and one that was computed need not be of one type.
    private static bool Same(JsonNode? one, JsonNode? other) => one is null || other is null
        ? one is null && other is null
        : JsonElement.DeepEquals(JsonSerializer.SerializeToElement(one), JsonSerializer.SerializeToElement(other));
}
