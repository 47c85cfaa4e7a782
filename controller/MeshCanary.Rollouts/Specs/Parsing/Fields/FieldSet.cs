using MeshCanary.Rollouts.Specs.Parsing.Yaml;

namespace MeshCanary.Rollouts.Specs.Parsing.Fields;

/// <summary>The fields of one mapping. What nobody asked for by the time of <see cref="Close"/> is an error.</summary>
internal sealed class FieldSet
{
    private readonly Value _at;
    private readonly ErrorList _errors;
    private readonly Dictionary<string, Node> _fields = new(StringComparer.Ordinal);
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    private FieldSet(Value at, ErrorList errors)
    {
        _at = at;
        _errors = errors;
        foreach (var (key, node) in at.Node.Entries)
            AddField(key, node);
    }

    public Value At => _at;

    /// <summary>The fields of a mapping; null, and an error, when it is none.</summary>
    public static FieldSet? Of(Value? value, ErrorList errors, string example)
    {
        if (value is not { } at)
            return null;
        if (at.Node.Kind == NodeKind.Mapping)
            return new FieldSet(at, errors);
        errors.Add(at, $"expected a mapping, found {at.Node.Describe()}", $"Write {example}");
        return null;
    }

    /// <summary>A field that may be absent; an explicit null is absent.</summary>
    public Value? Optional(string name)
    {
        _known.Add(name);
        return _fields.TryGetValue(name, out var node) && !node.IsNull ? _at.Field(name, node) : null;
    }

    public Value? Required(string name, string example)
    {
        if (Optional(name) is { } value)
            return value;
        var path = _at.Path.Length == 0 ? name : $"{_at.Path}.{name}";
        _errors.Add(path, _at.Node.Line, _at.Node.Column, "is missing", $"Write {example}");
        return null;
    }

    /// <summary>A field of the whole surface that this version does not act on: an empty one is harmless.</summary>
    public void Unsupported(string name, string remedy)
    {
        if (Optional(name) is { Node: not { Kind: NodeKind.Sequence, Items.Count: 0 } and not { Kind: NodeKind.Mapping, Entries.Count: 0 } } value)
            _errors.Add(value, "is not supported by this version", remedy);
    }

    /// <summary>A field that belongs elsewhere: told with a reason of its own when it is written, and not offered otherwise.</summary>
    public void Refuse(string name, string message, string remedy)
    {
        if (_fields.Remove(name, out var node))
            _errors.Add(_at.Field(name, node), message, remedy);
    }

    public void Ignore(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            _known.Add(name);
    }

    /// <summary>Every field that was not asked for is unknown.</summary>
    public void Close()
    {
        foreach (var (name, node) in _fields.Where(field => !_known.Contains(field.Key)))
        {
            var near = Suggestion.For(name, _known);
            var remedy = near is null ? $"Remove it; known here: {string.Join(", ", _known.Order(StringComparer.Ordinal))}" : $"Did you mean '{near}'?";
            _errors.Add(_at.Field(name, node), $"unknown field '{name}'", remedy);
        }
    }

    private void AddField(Node key, Node node)
    {
        if (key.Kind != NodeKind.Scalar)
            _errors.Add(_at.Path, key.Line, key.Column, $"a field's name has to be a word, not {key.Describe()}", "Write 'name: value'");
        else if (!_fields.TryAdd(key.Text, node))
            _errors.Add(_at.Field(key.Text, node).Path, key.Line, key.Column, $"'{key.Text}' is given twice", "Keep one of them");
    }
}
