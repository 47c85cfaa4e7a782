using System.Buffers;
using MeshCanary.Contracts.V1;

namespace MeshCanary.Proxy.Configuring;

/// <summary>Finds every fault of the header changes of an arm.</summary>
internal static class HeaderValidator
{
    private static readonly SearchValues<char> TokenCharacters = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    // They say how a message is framed, or concern one connection alone: changed, they break the exchange.
    private static readonly HashSet<string> OfTheConnection = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Content-Length", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade",
    };

    /// <summary>The faults, each with its place.</summary>
    /// <param name="place">Of the changes in the snapshot.</param>
    /// <param name="changes">The changes, or null for none.</param>
    /// <param name="ofRequest">Whether they change requests, which must have one Host.</param>
    public static IEnumerable<string> Faults(string place, HeaderChanges? changes, bool ofRequest)
    {
        if (changes is null)
            yield break;

        var named = changes.Remove.Select(name => ("remove", name))
            .Concat(changes.Set.Select(header => ("set", header.Name)))
            .Concat(changes.Add.Select(header => ("add", header.Name)));
        foreach (var (how, name) in named)
        {
            if (!IsToken(name))
                yield return $"{place}.{how}: '{name}' is not a header name.";
            else if (OfTheConnection.Contains(name))
                yield return $"{place}.{how}: '{name}' belongs to the connection, not to the message; the proxy keeps it itself.";
            else if (ofRequest && how != "set" && name.Equals("Host", StringComparison.OrdinalIgnoreCase))
                yield return $"{place}.{how}: a request has one Host; it can only be set.";
        }

        foreach (var header in changes.Set.Concat(changes.Add).Where(header => header.Value.Any(char.IsControl)))
            yield return $"{place}: the value of '{header.Name}' contains a line break or another control character.";
    }

    /// <summary>Whether a text can be the name of a header or a cookie.</summary>
    public static bool IsToken(string name) => name.Length > 0 && !name.AsSpan().ContainsAnyExcept(TokenCharacters);
}
