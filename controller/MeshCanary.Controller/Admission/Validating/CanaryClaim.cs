using MeshCanary.Controller.Crds;

namespace MeshCanary.Controller.Admission.Validating;

/// <summary>What a Canary claims for itself alone.</summary>
/// <param name="Canary">Its name.</param>
/// <param name="Workload">The workload's kind and name, such as <c>Deployment checkout</c>; null where it names none.</param>
/// <param name="Service">The Service's name; null where it names none.</param>
internal sealed record CanaryClaim(string Canary, string? Workload, string? Service)
{
    /// <summary>The claim of an object, however wrong the rest of its spec is.</summary>
    public static CanaryClaim Of(CanaryObject canary) => Of(canary.Metadata.Name, canary.Spec);

    /// <inheritdoc cref="Of(CanaryObject)"/>
    public static CanaryClaim Of(string name, System.Text.Json.JsonElement? spec)
    {
        var workload = spec is { } given && given.Text("workload", "name") is { } wanted ? $"{given.Text("workload", "kind")} {wanted}" : null;
        return new CanaryClaim(name, workload, spec?.Text("service", "name"));
    }
}
