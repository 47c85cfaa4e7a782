using System.Collections.Immutable;
using MeshCanary.Rollouts.Specs.Parsing.Fields;
using MeshCanary.Rollouts.Specs.Parsing.Yaml;

namespace MeshCanary.Rollouts.Specs.Parsing.Binding;

/// <summary>Reads the header fields that every question to a metric provider has.</summary>
internal static class MetricHeaderBinder
{
    private const string Example = "{ X-Scope-OrgID: shop }";

    // The first kind frames the message; the second is for nobody's eyes, and a template is for everybody's.
    private static readonly ImmutableHashSet<string> Framing = ImmutableHashSet.Create(
        StringComparer.OrdinalIgnoreCase, "connection", "content-encoding", "content-length", "content-type", "expect", "host", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade");

    private static readonly ImmutableHashSet<string> Secret = ImmutableHashSet.Create(
        StringComparer.OrdinalIgnoreCase, "api-key", "authorization", "cookie", "dd-api-key", "dd-application-key", "proxy-authorization", "x-api-key", "x-auth-token");

    public static ImmutableSortedDictionary<string, string> Bind(Value? headers, ErrorList errors)
    {
        var read = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.OrdinalIgnoreCase);
        if (headers is not { } at)
            return read.ToImmutable();
        if (at.Node.Kind != NodeKind.Mapping)
        {
            errors.Add(at, $"expected a mapping, found {at.Node.Describe()}", $"Write {Example}");
            return read.ToImmutable();
        }

        foreach (var (key, node) in at.Node.Entries)
        {
            var place = new Value(key, at.Path);
            if (Names.Token(place, errors, "X-Scope-OrgID") is not { } name || Scalars.Text(at.Field(name, node), errors, "shop") is not { } text)
                continue;
            if (Framing.Contains(name))
                errors.Add(place, $"'{name}' cannot be given: it frames the message or is set already", "Remove it");
            else if (Secret.Contains(name))
                errors.Add(place, $"'{name}' holds credentials, which everybody may read here", $"Put it into a Secret under the key header.{name}, and name that in secretRef");
            else if (text != text.Trim() || text.Any(letter => char.IsControl(letter) || letter > '~'))
                errors.Add(at.Field(name, node), "holds control characters, letters beyond ASCII, or white space at an end", "Write it on one line, without them");
            else if (!read.TryAdd(name, text))
                errors.Add(place, $"'{name}' is given twice", "Keep one of them");
        }

        return read.ToImmutable();
    }
}
