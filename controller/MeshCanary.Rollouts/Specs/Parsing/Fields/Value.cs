using MeshCanary.Rollouts.Specs.Parsing.Yaml;

namespace MeshCanary.Rollouts.Specs.Parsing.Fields;

/// <summary>A node at the path where it was found (through an alias a node may be found at several).</summary>
internal readonly record struct Value(Node Node, string Path)
{
    public Value Item(int index) => new(Node.Items[index], $"{Path}[{index}]");

    public Value Field(string name, Node node) => new(node, Path.Length == 0 ? name : $"{Path}.{name}");
}
