using MeshCanary.Controller.Api;
using MeshCanary.Controller.Metrics;

namespace MeshCanary.Cli.Rendering;

/// <summary>What proxies do by themselves for a canary, in words.</summary>
internal static class Guards
{
    /// <summary>Circuits that are or were open; null when none ever was.</summary>
    public static string? Circuit(IReadOnlyCollection<CircuitView> circuits)
    {
        var opened = circuits.Where(circuit => circuit.Openings > 0).ToList();
        return opened.Count == 0
            ? null
            : string.Join("; ", opened.Select(circuit => $"{circuit.Proxy}: {State(circuit.State)}, opened {Figures.Many(circuit.Openings, "time")}"));
    }

    /// <summary>What is spent of the budget; null when there is none.</summary>
    public static string? Exposure(ExposureView? exposure)
    {
        if (exposure is null)
            return null;
        List<string> parts = [];
        if (exposure.MaxRequests is { } requests)
            parts.Add($"{Figures.Count(exposure.SpentRequests)} of {Figures.Many(requests, "request")}");
        if (exposure.MaxFailures is { } failures)
            parts.Add($"{Figures.Count(exposure.SpentFailures)} of {Figures.Many(failures, "failure")}");
        return $"{string.Join(", ", parts)} spent";
    }

    /// <summary>What became of copies; null when there are none.</summary>
    public static string? Mirrored(MirrorFigures? mirrored) => mirrored is null
        ? null
        : $"{Figures.Many(mirrored.Copies, "copy", "copies")}, {Figures.Count(mirrored.Errors)} failed, {Figures.Count(mirrored.Dropped)} not sent (not judged)";

    private static string State(string state) => state == "halfOpen" ? "trying again" : state;
}
