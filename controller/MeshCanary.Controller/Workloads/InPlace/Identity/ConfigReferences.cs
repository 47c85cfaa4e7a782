using System.Collections.Immutable;
using k8s.Models;

namespace MeshCanary.Controller.Workloads.InPlace.Identity;

/// <summary>Which ConfigMaps and Secrets the containers of a template read. What the node reads to pull images is none of them.</summary>
internal static class ConfigReferences
{
    /// <summary>The references, sorted and distinct; those that may be missing as well.</summary>
    public static ImmutableSortedSet<ConfigReference> Of(V1PodTemplateSpec template)
    {
        var containers = (template.Spec?.Containers ?? []).Concat(template.Spec?.InitContainers ?? []).ToList();
        var all = containers.SelectMany(container => container.Env ?? []).SelectMany(OfVariable)
            .Concat(containers.SelectMany(container => container.EnvFrom ?? []).SelectMany(OfSource))
            .Concat((template.Spec?.Volumes ?? []).SelectMany(OfVolume));
        return [.. all.Where(reference => !string.IsNullOrEmpty(reference.Name))];
    }

    private static IEnumerable<ConfigReference> OfVariable(V1EnvVar variable)
    {
        if (variable.ValueFrom?.ConfigMapKeyRef is { } map)
            yield return new(ConfigReference.ConfigMap, map.Name);
        if (variable.ValueFrom?.SecretKeyRef is { } secret)
            yield return new(ConfigReference.Secret, secret.Name);
    }

    private static IEnumerable<ConfigReference> OfSource(V1EnvFromSource source)
    {
        if (source.ConfigMapRef is { } map)
            yield return new(ConfigReference.ConfigMap, map.Name);
        if (source.SecretRef is { } secret)
            yield return new(ConfigReference.Secret, secret.Name);
    }

    private static IEnumerable<ConfigReference> OfVolume(V1Volume volume)
    {
        if (volume.ConfigMap is { } map)
            yield return new(ConfigReference.ConfigMap, map.Name);
        if (volume.Secret is { } secret)
            yield return new(ConfigReference.Secret, secret.SecretName);
        foreach (var source in volume.Projected?.Sources ?? [])
        {
            if (source.ConfigMap is { } part)
                yield return new(ConfigReference.ConfigMap, part.Name);
            if (source.Secret is { } hidden)
                yield return new(ConfigReference.Secret, hidden.Name);
        }
    }
}
