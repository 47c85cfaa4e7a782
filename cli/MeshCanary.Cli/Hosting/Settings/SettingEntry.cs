namespace MeshCanary.Cli.Hosting.Settings;

/// <summary>A setting that was not given on the command line.</summary>
/// <param name="Name">The option's name without its dashes.</param>
/// <param name="Values">Its values as they were written.</param>
/// <param name="Place">Where, for messages.</param>
internal sealed record SettingEntry(string Name, IReadOnlyList<string> Values, string Place);
