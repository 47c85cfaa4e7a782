namespace MeshCanary.Rollouts.Specs.Parsing.Yaml;

/// <summary>A node with its position. Unlike the library's own tree it keeps duplicate keys, so that they are one error among others.</summary>
internal sealed class Node(NodeKind kind, int line, int column)
{
    public NodeKind Kind { get; } = kind;

    public int Line { get; } = line;

    public int Column { get; } = column;

    public string Text { get; init; } = "";

    /// <summary>Not quoted: what looks like a null is one.</summary>
    public bool IsPlain { get; init; }

    /// <summary>A boolean of JSON. YAML as kubectl reads it makes one of a plain <c>on</c> and <c>off</c>.</summary>
    public bool IsBoolean { get; init; }

    public List<Node> Items { get; } = [];

    public List<KeyValuePair<Node, Node>> Entries { get; } = [];

    public bool IsNull => Kind == NodeKind.Scalar && IsPlain && Text is "" or "~" or "null" or "Null" or "NULL";

    public string Describe() => Kind switch
    {
        NodeKind.Mapping => "a mapping",
        NodeKind.Sequence => "a list",
        _ when IsNull => "nothing",
        _ => $"'{Text}'",
    };
}
