using System.Collections.Immutable;
using MeshCanary.Rollouts.Specs.Parsing.Fields;
using MeshCanary.Rollouts.Specs.Parsing.Yaml;

namespace MeshCanary.Rollouts.Specs.Parsing.Binding;

/// <summary>Reads changes of headers: <c>{ set: { NAME: VALUE }, add: { NAME: VALUE }, remove: [NAME] }</c>.</summary>
internal static class HeaderBinder
{
    private const string Example = "{ set: { x-arm: canary }, remove: [x-debug] }";

    // They belong to one connection or frame the message: changed, they would break it.
    private static readonly ImmutableHashSet<string> Kept = ImmutableHashSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "connection", "content-length", "host", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade");

    public static HeaderChangesSpec? Bind(Value? changes, ErrorList errors)
    {
        var fields = FieldSet.Of(changes, errors, Example);
        if (fields is null)
            return null;
        var spec = new HeaderChangesSpec
        {
            Set = Headers(fields.Optional("set"), errors),
            Add = Headers(fields.Optional("add"), errors),
            Remove = Lists.Of(fields.Optional("remove"), errors, "[x-debug]", item => Name(item, errors)),
        };
        fields.Close();
        if (changes is { Node.Entries.Count: 0 })
            errors.Add(fields.At, "changes nothing", $"Write {Example}, or remove it");
        return spec;
    }

    private static ImmutableArray<HeaderSpec> Headers(Value? headers, ErrorList errors)
    {
        if (headers is not { } at)
            return [];
        if (at.Node.Kind != NodeKind.Mapping)
        {
            errors.Add(at, $"expected a mapping, found {at.Node.Describe()}", "Write { x-arm: canary }");
            return [];
        }

        var read = ImmutableArray.CreateBuilder<HeaderSpec>();
        foreach (var (key, node) in at.Node.Entries)
        {
            var name = Name(new Value(key, at.Path), errors);
            if (name is null || Text(at.Field(name, node), errors) is not { } text)
                continue;
            if (read.Any(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
                errors.Add(new Value(key, at.Path), $"'{name}' is given twice", "Keep one of them");
            read.Add(new HeaderSpec(name, text));
        }

        return read.ToImmutable();
    }

    private static string? Name(Value value, ErrorList errors)
    {
        if (Names.Token(value, errors, "x-arm") is not { } name)
            return null;
        if (!Kept.Contains(name))
            return name;
        errors.Add(value, $"'{name}' cannot be changed: it belongs to the connection or frames the message", "Remove it");
        return null;
    }

    private static string? Text(Value value, ErrorList errors)
    {
        if (Scalars.Text(value, errors, "canary") is not { } text)
            return null;
        if (!text.Any(char.IsControl) && text == text.Trim())
            return text;
        errors.Add(value, "holds control characters, or white space at an end", "Write it on one line, without them");
        return null;
    }
}
