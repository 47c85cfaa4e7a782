namespace MeshCanary.Rollouts.Specs.Parsing.Yaml;

internal enum NodeKind
{
    Scalar,
    Sequence,
    Mapping,
}
