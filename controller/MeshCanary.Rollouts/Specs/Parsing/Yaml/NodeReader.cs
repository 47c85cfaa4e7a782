using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace MeshCanary.Rollouts.Specs.Parsing.Yaml;

/// <summary>Reads YAML documents into nodes, within limits that no honest manifest comes near.</summary>
internal sealed class NodeReader
{
    private const int MostNodes = 20_000;
    private const int MostDepth = 40;

    private readonly IParser _parser;
    private readonly Dictionary<string, Node> _anchors = new(StringComparer.Ordinal);
    private int _nodes;

    private NodeReader(IParser parser) => _parser = parser;

    /// <summary>Reads every document up to the end or the first syntax error.</summary>
    /// <exception cref="YamlException">The text is not YAML, or beyond the limits; documents read so far are in <paramref name="documents"/>.</exception>
    public static void Read(string yaml, List<Node> documents)
    {
        var parser = new Parser(new StringReader(yaml));
        try
        {
            ReadAll(parser, documents);
        }
        catch (Exception fault) when (fault is not YamlException)
        {
            // Some malformed texts make the library itself stumble, without a position.
            var at = parser.Current?.End ?? Mark.Empty;
            throw new YamlException(at, at, "The text is malformed after this.", fault);
        }
    }

    private static void ReadAll(Parser parser, List<Node> documents)
    {
        parser.Consume<StreamStart>();
        while (!parser.Accept<StreamEnd>(out _))
        {
            parser.Consume<DocumentStart>();
            documents.Add(new NodeReader(parser).ReadNode(0));
            parser.Consume<DocumentEnd>();
        }
    }

    private Node ReadNode(int depth)
    {
        var read = _parser.Consume<ParsingEvent>();
        if (depth > MostDepth)
            throw new YamlException(read.Start, read.End, $"Nested deeper than {MostDepth} levels.");
        if (++_nodes > MostNodes)
            throw new YamlException(read.Start, read.End, $"More than {MostNodes} values in one document.");
        // An alias shares its node: nothing is copied, so nothing can be made to grow.
        return read switch
        {
            AnchorAlias alias => _anchors.TryGetValue(alias.Value.Value, out var node)
                ? node
                : throw new YamlException(alias.Start, alias.End, $"The anchor '{alias.Value}' is not defined before this."),
            Scalar scalar => Keep(scalar, Create(scalar, NodeKind.Scalar)),
            SequenceStart sequence => Keep(sequence, ReadItems(Create(sequence, NodeKind.Sequence), depth)),
            MappingStart mapping => Keep(mapping, ReadEntries(Create(mapping, NodeKind.Mapping), depth)),
            _ => throw new YamlException(read.Start, read.End, "A value is expected here."),
        };
    }

    private static Node Create(ParsingEvent read, NodeKind kind) => new(kind, (int)read.Start.Line, (int)read.Start.Column)
    {
        Text = read is Scalar scalar ? scalar.Value : "",
        IsPlain = read is Scalar { Style: ScalarStyle.Plain },
    };

    /// <summary>Only a complete node can be referred to, so a node never holds itself.</summary>
    private Node Keep(NodeEvent read, Node node)
    {
        if (!read.Anchor.IsEmpty)
            _anchors[read.Anchor.Value] = node;
        return node;
    }

    private Node ReadItems(Node node, int depth)
    {
        while (!_parser.Accept<SequenceEnd>(out _))
            node.Items.Add(ReadNode(depth + 1));
        _parser.Consume<SequenceEnd>();
        return node;
    }

    private Node ReadEntries(Node node, int depth)
    {
        while (!_parser.Accept<MappingEnd>(out _))
            node.Entries.Add(new(ReadNode(depth + 1), ReadNode(depth + 1)));
        _parser.Consume<MappingEnd>();
        return node;
    }
}
