using System.CommandLine;

namespace MeshCanary.Cli.Hosting.Settings;

/// <summary>
/// Finds the values of options in the environment and in a file as well. The options themselves stay the one source of
/// names, forms and defaults: a value from elsewhere is read as if it had been typed.
/// </summary>
internal sealed class SettingSources(IReadOnlyList<Option> options, Terminal terminal)
{
    private const string Prefix = "MESHCANARY_";

    /// <summary>Names the file.</summary>
    public Option<string> File { get; } = new("--config")
    {
        Description = "YAML file with these settings, named as the options are. It is read again when it changes. Command line and environment go before it.",
        HelpName = "FILE",
    };

    /// <summary>The environment's name of an option.</summary>
    public static string VariableOf(string option) => Prefix + option.TrimStart('-').Replace('-', '_').ToUpperInvariant();

    /// <summary>The file that is named, or null.</summary>
    public string? FileOf(ParseResult given) => given.GetValue(File) ?? Variable(File.Name);

    /// <summary>All values.</summary>
    /// <param name="given">The command line.</param>
    /// <param name="text">The text of the file, or null for none.</param>
    /// <exception cref="CommandFailure">A name is unknown or a value cannot be read; the message says where.</exception>
    public SettingValues Read(ParseResult given, string? text)
    {
        var entries = text is null ? [] : SettingFile.Read(FileOf(given)!, text).ToList();
        foreach (var entry in entries)
        {
            if (options.All(option => option.Name != "--" + entry.Name))
                throw new CommandFailure($"{entry.Place} is not a setting.{Likely(entry.Name)}", "see the options of --help: a setting has the name of its option, without the dashes. --config and --log-level are for the command line alone.", ExitCode.BadUsage);
        }

        foreach (var option in options)
        {
            if (Variable(option.Name) is not { } value)
                continue;
            var name = option.Name[2..];
            entries.RemoveAll(entry => entry.Name == name);
            entries.Add(new SettingEntry(name, value.Split(',', StringSplitOptions.TrimEntries), $"the environment variable {VariableOf(option.Name)}"));
        }

        foreach (var entry in entries)
            Check(entry);
        return new SettingValues(given, All().Parse([.. entries.SelectMany(Typed)]));
    }

    private static IEnumerable<string> Typed(SettingEntry entry) => entry.Values.Select(value => $"--{entry.Name}={value}");

    private void Check(SettingEntry entry)
    {
        // The parser would call it an unknown argument.
        if (options.Any(option => option is Option<bool> && option.Name == "--" + entry.Name) && entry.Values.FirstOrDefault(value => !bool.TryParse(value, out _)) is { } neither)
            throw new CommandFailure($"{entry.Place}: '{neither}' is neither true nor false.", "mend the value there.", ExitCode.BadUsage);
        if (All().Parse([.. Typed(entry)]).Errors is [var error, ..])
            throw new CommandFailure($"{entry.Place}: {error.Message}", "mend the value there.", ExitCode.BadUsage);
    }

    private Command All()
    {
        var command = new Command("settings");
        foreach (var option in options)
            command.Add(option);
        return command;
    }

    private string Likely(string name) =>
        options.Select(option => option.Name[2..]).FirstOrDefault(known => known.Replace("-", "", StringComparison.Ordinal).Equals(name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase)) is { } likely
            ? $" Is '{likely}' meant?"
            : "";

    private string? Variable(string option) => terminal.Variable(VariableOf(option)) is { Length: > 0 } value ? value : null;
}
