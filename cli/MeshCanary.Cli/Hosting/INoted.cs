namespace MeshCanary.Cli.Hosting;

/// <summary>A command whose help ends with notes.</summary>
internal interface INoted
{
    /// <summary>The notes.</summary>
    string Notes { get; }
}
