using System.Text;
using System.Text.RegularExpressions;
using k8s.Models;
using MeshCanary.TestCluster.ControlPlane;
using MeshCanary.TestCluster.Images;
using MeshCanary.TestCluster.Isolation;

namespace MeshCanary.TestCluster.Kubelet;

/// <summary>Makes the variables of a container.</summary>
/// <param name="pod">Its pod.</param>
/// <param name="address">The pod's address.</param>
/// <param name="reader">Reads what variables refer to.</param>
internal sealed partial class ContainerEnvironment(V1Pod pod, string address, ConfigReader reader)
{
    /// <summary>All variables of a container.</summary>
    /// <param name="container">The container.</param>
    /// <param name="image">Its image.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="ConfigurationException">What a variable refers to is missing.</exception>
    public async Task<Dictionary<string, string>> BuildAsync(V1Container container, Image image, CancellationToken cancellation)
    {
        var all = new Dictionary<string, string>
        {
            ["PATH"] = Tools.Path,
            ["HOME"] = "/tmp",
            ["HOSTNAME"] = pod.Spec.Hostname ?? pod.Metadata.Name,
            ["KUBERNETES_SERVICE_HOST"] = Daemons.ApiAddress,
            ["KUBERNETES_SERVICE_PORT"] = "443",
            ["KUBERNETES_SERVICE_PORT_HTTPS"] = "443",
        };
        foreach (var (name, value) in image.Environment)
            all[name] = value;
        foreach (var source in container.EnvFrom ?? [])
            foreach (var (key, value) in await FromAsync(source, cancellation))
                all[source.Prefix + key] = Encoding.UTF8.GetString(value);
        foreach (var variable in container.Env ?? [])
        {
            if (variable.ValueFrom is null)
                all[variable.Name] = Expand(variable.Value ?? "", all);
            else if (await ReferredAsync(variable.ValueFrom, cancellation) is { } value)
                all[variable.Name] = value;
        }

        return all;
    }

    /// <summary>Puts variables into a text: <c>$(NAME)</c>, and <c>$$</c> for the sign itself.</summary>
    /// <param name="text">The text.</param>
    /// <param name="variables">The variables.</param>
    public static string Expand(string text, IReadOnlyDictionary<string, string> variables) => Reference().Replace(text, match =>
        match.Value == "$$" ? "$" : variables.GetValueOrDefault(match.Groups[1].Value, match.Value));

    private Task<IReadOnlyDictionary<string, byte[]>> FromAsync(V1EnvFromSource source, CancellationToken cancellation) =>
        source.ConfigMapRef is { } map
            ? reader.ConfigMapAsync(map.Name, map.Optional, cancellation)
            : reader.SecretAsync(source.SecretRef.Name, source.SecretRef.Optional, cancellation);

    private async Task<string?> ReferredAsync(V1EnvVarSource source, CancellationToken cancellation)
    {
        if (source.FieldRef is { } field)
            return PodFields.Read(pod, address, field.FieldPath);
        if (source.ConfigMapKeyRef is { } map)
            return Pick(await reader.ConfigMapAsync(map.Name, map.Optional, cancellation), map.Key, map.Optional, map.Name);
        if (source.SecretKeyRef is { } secret)
            return Pick(await reader.SecretAsync(secret.Name, secret.Optional, cancellation), secret.Key, secret.Optional, secret.Name);
        throw new ConfigurationException("resourceFieldRef is not supported by the stand-in kubelet");
    }

    private static string? Pick(IReadOnlyDictionary<string, byte[]> content, string key, bool? optional, string name)
    {
        if (content.TryGetValue(key, out var value))
            return Encoding.UTF8.GetString(value);
        return optional == true ? null : throw new ConfigurationException($"couldn't find key {key} in {name}");
    }

    [GeneratedRegex(@"\$\$|\$\(([^)]+)\)")]
    private static partial Regex Reference();
}
