using System.Collections.Immutable;

namespace MeshCanary.Rollouts.Specs.Parsing.Fields;

/// <summary>Collects every fault of one file.</summary>
internal sealed class ErrorList(string file)
{
    private readonly List<ManifestError> _errors = [];

    public int Count => _errors.Count;

    public void Add(Value at, string message, string remedy) => Add(at.Path, at.Node.Line, at.Node.Column, message, remedy);

    public void Add(string path, int line, int column, string message, string remedy) =>
        _errors.Add(new ManifestError(file, path, line, column, message, remedy));

    public ImmutableArray<ManifestError> InOrder() => [.. _errors.OrderBy(error => error.Line).ThenBy(error => error.Column)];
}
