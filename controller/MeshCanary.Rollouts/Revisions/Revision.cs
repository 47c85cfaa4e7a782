using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace MeshCanary.Rollouts.Revisions;

/// <summary>A version of the workload, pinned: what is analysed under this value is exactly what is promoted. Immutable.</summary>
public sealed record Revision
{
    /// <summary>Its name, unique within the Canary; shown to people and reported with counts.</summary>
    public required string Name { get; init; }

    /// <summary>Absolute http(s) addresses of its endpoints, sorted and distinct, at least one.</summary>
    public required ImmutableArray<string> Addresses { get; init; }

    /// <summary>
    /// Makes a revision of what a person gave: addresses are brought to one form, sorted and made distinct, and an absent name
    /// is derived from them, so that the same addresses always give the same revision.
    /// </summary>
    /// <param name="name">Its name (lower-case letters, digits, dashes and dots, at most 63), or null or empty to derive one.</param>
    /// <param name="addresses">Absolute http(s) addresses.</param>
    /// <param name="errors">Every fault found, in plain words; empty when there is none.</param>
    /// <returns>The revision, or null when there are errors.</returns>
    public static Revision? Create(string? name, IEnumerable<string> addresses, out ImmutableArray<string> errors)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        var found = ImmutableArray.CreateBuilder<string>();
        if (!string.IsNullOrEmpty(name) && RevisionNames.Fault(name) is { } fault)
            found.Add(fault);
        var normal = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var address in addresses)
        {
            if (EndpointAddress.Normalize(address, out var problem) is { } good)
                normal.Add(good);
            else
                found.Add(problem);
        }

        if (normal.Count == 0 && found.Count == 0)
            found.Add("A revision needs at least one address, such as http://127.0.0.1:5001.");
        errors = found.ToImmutable();
        return errors.IsEmpty ? Of(name, [.. normal]) : null;
    }

    /// <summary>Makes a revision whose name is derived from its addresses.</summary>
    /// <exception cref="ArgumentException">An address is wrong; the message lists every fault.</exception>
    public static Revision Named(params IEnumerable<string> addresses) =>
        Create(null, addresses, out var errors) ?? throw new ArgumentException(string.Join(" ", errors), nameof(addresses));

    /// <summary>Same name and same addresses.</summary>
    public bool Equals(Revision? other) =>
        other is not null && Name == other.Name && Addresses.AsSpan().SequenceEqual(other.Addresses.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Addresses.Length);

    private static Revision Of(string? name, ImmutableArray<string> addresses) => new()
    {
        Name = string.IsNullOrEmpty(name) ? Derive(addresses) : name,
        Addresses = addresses,
    };

    // The name is persisted and shown: it has to stay the same over versions and processes.
    private static string Derive(ImmutableArray<string> addresses) =>
        "rev-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', addresses))))[..10];
}
