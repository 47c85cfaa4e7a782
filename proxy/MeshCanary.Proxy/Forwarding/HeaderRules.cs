using System.Text;
using MeshCanary.Contracts.V1;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace MeshCanary.Proxy.Forwarding;

/// <summary>What an arm changes in headers: removed first, then set, then added. Immutable.</summary>
internal sealed class HeaderRules
{
    private readonly string[] _remove;
    private readonly KeyValuePair<string, string>[] _set;
    private readonly KeyValuePair<string, string>[] _add;

    private HeaderRules(HeaderChanges changes) =>
        (_remove, _set, _add) = ([.. changes.Remove], [.. changes.Set.Select(OnTheWire)], [.. changes.Add.Select(OnTheWire)]);

    /// <summary>Takes valid changes.</summary>
    /// <returns>Null when there are none.</returns>
    public static HeaderRules? Of(HeaderChanges? changes) =>
        changes is null || changes.Set.Count + changes.Add.Count + changes.Remove.Count == 0 ? null : new HeaderRules(changes);

    /// <summary>Changes a request. A header that describes a body is left out of a request without one.</summary>
    public void Apply(HttpRequestMessage request)
    {
        foreach (var name in _remove)
            Remove(request, name);
        foreach (var (name, value) in _set)
        {
            Remove(request, name);
            Add(request, name, value);
        }

        foreach (var (name, value) in _add)
            Add(request, name, value);
    }

    /// <summary>Changes a response.</summary>
    public void Apply(IHeaderDictionary headers)
    {
        foreach (var name in _remove)
            headers.Remove(name);
        foreach (var (name, value) in _set)
            headers[name] = value;
        foreach (var (name, value) in _add)
            headers[name] = StringValues.Concat(headers[name], value);
    }

    private static void Remove(HttpRequestMessage request, string name)
    {
        // Remove throws for a name that belongs to the other collection; asking does not.
        if (request.Headers.NonValidated.Contains(name))
            request.Headers.Remove(name);
        else if (request.Content?.Headers is { } ofBody && ofBody.NonValidated.Contains(name))
            ofBody.Remove(name);
    }

    private static void Add(HttpRequestMessage request, string name, string value)
    {
        if (!request.Headers.TryAddWithoutValidation(name, value))
            request.Content?.Headers.TryAddWithoutValidation(name, value);
    }

    // Headers are written a byte per character, and what people write in a manifest goes over the wire as UTF-8.
    private static KeyValuePair<string, string> OnTheWire(Header header) =>
        new(header.Name, Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(header.Value)));
}
