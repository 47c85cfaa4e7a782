using System.Text.Json.Nodes;

namespace MeshCanary.Machinery.Applying;

/// <summary>Under which conditions an object is deleted, and what becomes of what it owns.</summary>
public sealed record DeleteOptions
{
    /// <summary>Only the object with this identity, not another of its name; null for whatever is there.</summary>
    public string? Uid { get; init; }

    /// <summary>Only this version of it; null for any.</summary>
    public string? ResourceVersion { get; init; }

    /// <summary>What becomes of dependents: <c>Background</c>, <c>Foreground</c> or <c>Orphan</c>; null for the type's default.</summary>
    public string? Propagation { get; init; }

    internal string ToJson()
    {
        var json = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "DeleteOptions" };
        if (Propagation is not null)
            json["propagationPolicy"] = Propagation;
        var preconditions = new JsonObject();
        if (Uid is not null)
            preconditions["uid"] = Uid;
        if (ResourceVersion is not null)
            preconditions["resourceVersion"] = ResourceVersion;
        if (preconditions.Count > 0)
            json["preconditions"] = preconditions;
        return json.ToJsonString();
    }
}
