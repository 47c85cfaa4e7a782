using MeshCanary.Rollouts.Specs.Parsing.Yaml;

namespace MeshCanary.Rollouts.Specs.Parsing.Fields;

/// <summary>A node at the path where it was found (through an alias a node may be found at several).</summary>
internal readonly record struct Value(Node Node, string Path)
{
    public Value Item(int index) => new(Node.Items[index], $"{Path}[{index}]");

    /// <summary>The field at a path of names; null where it, or a mapping on the way to it, is not there.</summary>
    public Value? Find(params ReadOnlySpan<string> path)
    {
        Value? at = this;
        foreach (var name in path)
        {
            if (at is not { } mapping || mapping.Node.Entries.Find(entry => entry.Key.Text == name) is not { Value: { IsNull: false } node })
                return null;
            at = mapping.Field(name, node);
        }

        return at;
    }

    public Value Field(string name, Node node) => new(node, Path.Length == 0 ? name : $"{Path}.{name}");
}
