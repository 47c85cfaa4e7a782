namespace MeshCanary.Rollouts.Specs.Parsing;

/// <summary>One fault of a manifest.</summary>
/// <param name="File">The file it is in.</param>
/// <param name="Path">Where in the document, such as <c>spec.strategy.steps[2].weight</c>; empty for the file as a whole.</param>
/// <param name="Line">Line, from 1; 0 for an object, which has none.</param>
/// <param name="Column">Column, from 1; for an object only the order in it.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Remedy">What to do.</param>
public sealed record ManifestError(string File, string Path, int Line, int Column, string Message, string Remedy)
{
    /// <summary>One line, in the form that editors and terminals make clickable.</summary>
    public override string ToString() => $"{File}:{Line}:{Column}: {Said}";

    /// <summary>The same without the place in a file.</summary>
    public string Said
    {
        get
        {
            var path = Path.Length == 0 ? "" : $"{Path}: ";
            var end = Remedy.EndsWith('?') ? "" : ".";
            return $"{path}{Message}. {Remedy}{end}";
        }
    }
}
