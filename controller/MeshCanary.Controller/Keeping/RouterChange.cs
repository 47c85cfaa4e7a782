using MeshCanary.Rollouts.Specs;
using MeshCanary.Rollouts.Specs.Parsing;

namespace MeshCanary.Controller.Keeping;

/// <summary>A Canary keeps its router while it is under control: what the one has changed, the other would take for the owner's. Pure.</summary>
internal static class RouterChange
{
    /// <summary>What is wrong with a change of the router's type; null when it is the same.</summary>
    public static ManifestError? Fault(CanaryManifest before, CanaryManifest after) => Say(before.Spec.Router, after.Spec.Router) is { } said
        ? new ManifestError("", "spec.router.type", 0, 0, said.Message, said.Remedy)
        : null;

    /// <summary>The fault in words; null when there is none.</summary>
    public static (string Message, string Remedy)? Say(string before, string after) => before == after
        ? null
        : ($"cannot be changed from {before} to {after} while the Canary is under control, since the Service and its routes are the way of {before} now",
            $"Write {before} again; or delete the Canary, which gives everything back, and make it anew with {after}");
}
