namespace MeshCanary.Cli.Hosting;

/// <summary>Everything of the outside that a command may touch: its streams, its environment, its clock.</summary>
public sealed record Terminal
{
    private const int LeastWidth = 40;
    private const int MostWidth = 1000;

    /// <summary>Where results go.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Where errors and logs go.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Whether a person watches: a live display may redraw itself.</summary>
    public bool IsInteractive { get; init; }

    /// <summary>Whether colour is wanted.</summary>
    public bool HasColor { get; init; }

    /// <summary>Columns of a line; null asks the terminal itself.</summary>
    public int? Width { get; init; }

    /// <summary>Reads an environment variable; null when it is not set.</summary>
    public Func<string, string?> Variable { get; init; } = static _ => null;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The terminal that the process was started in.</summary>
    public static Terminal OfProcess()
    {
        var isDumb = Environment.GetEnvironmentVariable("TERM") is "dumb";
        return new Terminal
        {
            Out = Console.Out,
            Error = Console.Error,
            IsInteractive = !Console.IsOutputRedirected && !isDumb,
            HasColor = !Console.IsOutputRedirected && !isDumb && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")),
            Width = int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), out var columns) && columns is >= LeastWidth and <= MostWidth ? columns : null,
            Variable = Environment.GetEnvironmentVariable,
        };
    }
}
