using MeshCanary.Rollouts.Specs.Parsing.Fields;
using MeshCanary.Rollouts.Specs.Parsing.Yaml;

namespace MeshCanary.Rollouts.Specs.Parsing.Binding;

/// <summary>What no mesh can do for a Canary: there is no proxy of ours that counts and limits.</summary>
internal static class MeshRefusals
{
    /// <summary>The longest time that a route may be taken to be on its way.</summary>
    public static readonly TimeSpan LongestPropagation = TimeSpan.FromMinutes(5);

    private static readonly (string[] Path, string Why)[] Refused =
    [
        (["router", "headers"], "changes headers in MeshCanary's own proxies, of which there are none here"),
        (["router", "maxConcurrent"], "limits requests in MeshCanary's own proxies, of which there are none here"),
        (["router", "slowStart"], "is for MeshCanary's own proxies, of which there are none here"),
        (["router", "outliers"], "is for MeshCanary's own proxies, of which there are none here"),
        (["router", "upstream"], "is for MeshCanary's own proxies, of which there are none here"),
        (["workload", "healthPath"], "is asked by MeshCanary's own proxies, of which there are none here"),
        (["workload", "healthCheck"], "is asked by MeshCanary's own proxies, of which there are none here"),
        (["service", "hosts"], "is for MeshCanary's own proxies; the routes of the mesh say which hosts are meant"),
        (["strategy", "exposure"], "needs proxies that ask before each request, which a mesh's do not"),
        (["strategy", "circuit"], "needs proxies that watch the new version by themselves, which a mesh's do not"),
        (["strategy", "mirror", "maxConcurrent"], "limits copies in MeshCanary's own proxies, of which there are none here"),
        (["strategy", "mirror", "maxBody"], "limits copies in MeshCanary's own proxies, of which there are none here"),
        (["strategy", "mirror", "timeout"], "limits copies in MeshCanary's own proxies, of which there are none here"),
        (["strategy", "stickiness", "signed"], "needs proxies that know MeshCanary's keys, which a mesh's do not"),
    ];

    /// <summary>Says what a mesh cannot do of what is asked for, each with its path and what to do.</summary>
    /// <param name="router">The router's name.</param>
    /// <param name="spec">The fields of <c>spec</c>.</param>
    /// <param name="errors">Where it is said.</param>
    public static void Check(string router, Value spec, ErrorList errors)
    {
        foreach (var (path, why) in Refused)
        {
            if (spec.Find(path) is { } found && !IsOff(found))
                errors.Add(found, $"is not possible with the router {router}: it {why}", "Remove it, or write router: { type: proxy }");
        }

        if (spec.Find("service", "pathPrefix") is { Node.Text: not "/" } prefix)
            errors.Add(prefix, $"is not possible with the router {router}: it is for MeshCanary's own proxies", "Remove it; the routes of the mesh say which paths are meant");
    }

    // What is asked for by its default, which the API server writes, is nothing that is missed.
    private static bool IsOff(Value found) => found.Node.Kind == NodeKind.Scalar && (found.Node.Text is "off" or "false" or "0s" || (found.Path.Contains(".mirror.", StringComparison.Ordinal) && found.Node.Text is "64" or "64KiB" or "10s"));
}
