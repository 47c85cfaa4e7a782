using Microsoft.Extensions.Primitives;

namespace MeshCanary.Proxy.Routing;

/// <summary>Finds one cookie in the Cookie headers without parsing the others; only the value found is allocated.</summary>
internal static class CookieScan
{
    public static string? Find(StringValues headers, string name)
    {
        foreach (var header in headers)
        {
            if (header is not null && Find(header, name) is { } value)
                return value;
        }

        return null;
    }

    private static string? Find(string header, string name)
    {
        var rest = header.AsSpan();
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf(';');
            var pair = (end < 0 ? rest : rest[..end]).Trim(' ');
            rest = end < 0 ? [] : rest[(end + 1)..];

            if (pair.Length > name.Length && pair[name.Length] == '=' && pair.StartsWith(name, StringComparison.Ordinal))
                return Unquoted(pair[(name.Length + 1)..]).ToString();
        }

        return null;
    }

    private static ReadOnlySpan<char> Unquoted(ReadOnlySpan<char> value) =>
        value.Length >= 2 && value[0] == '"' && value[^1] == '"' ? value[1..^1] : value;
}
