using System.CommandLine;

namespace MeshCanary.Cli.Hosting.Settings;

/// <summary>The values of a command's settings: those of the command line, then those of environment and file.</summary>
/// <param name="given">The command line.</param>
/// <param name="others">What environment and file hold, with the defaults.</param>
internal sealed class SettingValues(ParseResult given, ParseResult others)
{
    /// <summary>The value, or the default.</summary>
    public T? Get<T>(Option<T> option) => Source(option).GetValue(option);

    /// <summary>Whether somebody gave a value.</summary>
    public bool Has(Option option) => Source(option).GetResult(option) is { Implicit: false };

    private ParseResult Source(Option option) => given.GetResult(option) is { Implicit: false } ? given : others;
}
