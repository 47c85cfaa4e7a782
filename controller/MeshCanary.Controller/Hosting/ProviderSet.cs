using System.Collections.Frozen;

namespace MeshCanary.Controller.Hosting;

/// <summary>Providers of one kind, found by name.</summary>
internal sealed class ProviderSet<T>
{
    private readonly FrozenDictionary<string, T> _providers;
    private readonly string _kind;

    /// <exception cref="ArgumentException">Two have the same name.</exception>
    public ProviderSet(string kind, Func<T, string> name, params IReadOnlyCollection<T> providers)
    {
        if (providers.GroupBy(name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ArgumentException($"Two {kind}s have the name '{twice.Key}'.", nameof(providers));
        _kind = kind;
        _providers = providers.ToFrozenDictionary(name, StringComparer.Ordinal);
    }

    /// <summary>Finds one.</summary>
    /// <exception cref="IOException">There is none of that name; the message lists those there are.</exception>
    public T Get(string name, string wantedBy) => _providers.TryGetValue(name, out var found)
        ? found
        : throw new IOException($"Canary {wantedBy} asks for the {_kind} '{name}', which there is not. There are: {string.Join(", ", _providers.Keys.Order(StringComparer.Ordinal))}.");
}
