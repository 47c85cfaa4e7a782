using System.Text.Json.Nodes;

namespace MeshCanary.Controller.Traffic.Meshes.GatewayApi;

/// <summary>The filter that copies requests to the canary.</summary>
internal static class Copies
{
    private const int Whole = 10_000;

    /// <summary>The filter. Fields are written that the API server would fill in, so that what is read back is the same.</summary>
    /// <param name="service">The Service that gets the copies.</param>
    /// <param name="port">Its port; null where the route says none.</param>
    /// <param name="share">Share of requests, in basis points.</param>
    public static JsonObject Filter(string service, long? port, int share)
    {
        var backend = new JsonObject { ["kind"] = "Service", ["name"] = service };
        if (port is not null)
            backend["port"] = port;
        var mirror = new JsonObject { ["backendRef"] = backend };
        // All of them is what the API means without a share, also in versions that know no shares.
        if (share < Whole)
            mirror["fraction"] = new JsonObject { ["numerator"] = share, ["denominator"] = Whole };
        return new JsonObject { ["type"] = "RequestMirror", ["requestMirror"] = mirror };
    }

    /// <summary>Whether a filter is one of ours, as it was written.</summary>
    public static bool IsTo(JsonNode? filter, KeptRoute kept) =>
        filter is JsonObject fields && fields["requestMirror"] is JsonObject mirror && Backends.Text(mirror["backendRef"], "name") is { } name && kept.IsArm(name);
}
