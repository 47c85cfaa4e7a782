using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using MeshCanary.Machinery.Resources;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Controller.Traffic.Meshes.GatewayApi;

/// <summary>
/// Reads from the status of routes whether what is written is in force. The API says that a controller took a generation of a route,
/// never that its data plane has it: for that, and only for that, time is given.
/// </summary>
internal sealed class RouteStatus(GatewayApiSpec spec, MeshView view)
{
    /// <summary>What is reported of a route.</summary>
    /// <param name="route">The route.</param>
    /// <param name="since">When it was written last.</param>
    public RouteReport Read(RawObject route, DateTimeOffset since)
    {
        var place = $"{route.Kind} {ObjectKey.Of(route)}";
        var space = ObjectKey.Of(route).Namespace;
        var parents = Items(route, "spec", "parentRefs").Select(one => ParentKey.Of(one, space)).Distinct().ToArray();
        if (parents.Length == 0)
            return new($"a parent of {place}: it has no parentRefs, and nothing serves it", null, null);
        var entries = Items(route, "status", "parents").ToLookup(entry => ParentKey.Of(entry?["parentRef"], space));
        var (taken, silent) = (new SortedSet<string>(StringComparer.Ordinal), new List<string>());
        foreach (var parent in parents)
        {
            var reports = entries[parent].Select(entry => new ParentReport(entry!, route.Metadata.Generation ?? 0, $"{place} at {parent}")).ToArray();
            if ((Objection(parent, reports, place) ?? Unprogrammed(parent)) is { } objection)
                return new(objection, null, null);
            if (reports.Length == 0 || reports.Any(report => report.IsWithoutGeneration))
                silent.Add(reports.Length == 0 ? parent.ToString() : $"{parent} (without saying which generation)");
            taken.UnionWith(reports.Where(report => report is { Objection: null, IsWithoutGeneration: false }).Select(report => report.Controller));
        }

        var settled = since + spec.Propagation;
        return settled > view.Now
            ? new($"{Seconds(spec.Propagation)} for {place} to reach the data plane, on which the Gateway API does not report", null, settled)
            : new(null, Proof(place, route.Metadata.Generation ?? 0, taken, silent), null);
    }

    private string? Objection(ParentKey parent, ParentReport[] reports, string place)
    {
        if (reports.Length == 0)
        {
            return spec.TakesUnreportedParents
                ? null
                : $"a controller to report on {place} at {parent}: none does. Is the parent there, and does a controller run for it? Where one never reports, write unreportedParents: take";
        }

        // A Gateway has one controller: what another says of it is left from former times. A Service may be that of several meshes.
        var objections = reports.Where(report => report.Objection is not null).ToArray();
        return objections.Length < reports.Length && parent.IsGateway && objections.All(report => report.IsOld)
            ? null
            : objections.OrderBy(report => report.IsOld).FirstOrDefault()?.Objection;
    }

    // A Gateway that cannot be seen is judged by what its controller says of the route.
    private string? Unprogrammed(ParentKey parent)
    {
        if (!parent.IsGateway || view.Find(GatewayKinds.Gateway, new ObjectKey(parent.Namespace, parent.Name)) is not { } gateway)
            return null;
        var programmed = Items(gateway, "status", "conditions").FirstOrDefault(one => Backends.Text(one, "type") == "Programmed");
        return programmed is null || Backends.Text(programmed, "status") == "True" ? null : $"{parent} to be programmed; its controller reports {ParentReport.Told(programmed)}";
    }

    private string Proof(string place, long generation, SortedSet<string> taken, List<string> silent)
    {
        var said = taken.Count == 0 ? "" : $"{string.Join(" and ", taken)} took generation {generation} of {place} with all its backends";
        var unsaid = silent.Count == 0 ? "" : $"nobody reports on it at {string.Join(" and ", silent)}";
        return $"{string.Join("; ", new[] { said, unsaid }.Where(text => text.Length > 0))}; {Seconds(spec.Propagation)} were given to the data plane, on which the Gateway API does not report";
    }

    private static JsonArray Items(RawObject from, string part, string list) =>
        from.At(part, list) is { ValueKind: JsonValueKind.Array } items ? JsonArray.Create(items)! : [];

    private static string Seconds(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.###} s");
}
