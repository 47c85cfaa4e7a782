using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using k8s.Models;

namespace MeshCanary.Controller.Workloads.InPlace.Identity;

/// <summary>What is known of the contents of ConfigMaps and Secrets, as hashes. Immutable.</summary>
/// <param name="Hashes">By reference; an empty hash for an object that does not exist.</param>
/// <param name="Problem">Why something could not be read, in plain words; null when all could.</param>
internal sealed record ConfigContents(ImmutableDictionary<ConfigReference, string> Hashes, string? Problem = null)
{
    /// <summary>The way the contents are hashed: what another way hashed cannot be compared with.</summary>
    public const string HashVersion = "v1";

    /// <summary>Of what is a copy for a ReplicaSet, the uid of that ReplicaSet.</summary>
    public ImmutableDictionary<ConfigReference, string> Owners { get; init; } = ImmutableDictionary<ConfigReference, string>.Empty;

    /// <summary>Nothing is known.</summary>
    public static ConfigContents Unread { get; } = new(ImmutableDictionary<ConfigReference, string>.Empty);

    /// <summary>
    /// The hash of all that a template uses, as a label's value; null while something of it was not read. A template that uses nothing
    /// has a hash as well.
    /// </summary>
    public string? HashFor(V1PodTemplateSpec template)
    {
        var text = new StringBuilder();
        foreach (var reference in ConfigReferences.Of(template))
        {
            if (!Hashes.TryGetValue(reference, out var hash))
                return null;
            text.Append(reference.Kind).Append('/').Append(reference.Name).Append('=').Append(hash).Append('\n');
        }

        return text.Length == 0 ? $"{HashVersion}-none" : $"{HashVersion}-{Short(text.ToString())}";
    }

    /// <summary>Whether there is a copy, and it stays for as long as a ReplicaSet does. One of a ReplicaSet that is gone goes as well.</summary>
    public bool Has(ConfigReference copy, string owner) => Hashes.GetValueOrDefault(copy) is { Length: > 0 } && Owners.GetValueOrDefault(copy) == owner;

    /// <summary>Whether two hashes say the same; those of different versions cannot be told apart, and an upgrade must start nothing.</summary>
    public static bool AreSame(string one, string other) =>
        one == other || one.Split('-')[0] != other.Split('-')[0];

    /// <summary>The hash of one object's data.</summary>
    /// <param name="data">Keys and values; the values of binary keys in base64.</param>
    public static string HashOf(IEnumerable<KeyValuePair<string, string>> data)
    {
        var text = new StringBuilder();
        foreach (var (key, value) in data.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            text.Append(key.Length).Append(':').Append(key).Append(value.Length).Append(':').Append(value);
        return Short(text.ToString());
    }

    private static string Short(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
}
