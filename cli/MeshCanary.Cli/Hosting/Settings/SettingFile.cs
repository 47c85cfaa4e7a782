using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace MeshCanary.Cli.Hosting.Settings;

/// <summary>A YAML file with settings: one mapping of names to a value, or to a list of values.</summary>
internal static class SettingFile
{
    /// <summary>Reads the text of a file.</summary>
    /// <param name="file">Its name, for messages.</param>
    /// <param name="text">Its text.</param>
    /// <exception cref="CommandFailure">It is no such file; the message names the place.</exception>
    public static IReadOnlyList<SettingEntry> Read(string file, string text)
    {
        try
        {
            using var reader = new StringReader(text);
            var parser = new Parser(reader);
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _))
                return [];
            parser.Consume<DocumentStart>();
            var entries = ReadEntries(file, parser);
            parser.Consume<DocumentEnd>();
            return parser.Accept<StreamEnd>(out _) ? entries : throw Fault($"{file}:{parser.Current!.Start.Line}", "holds a second document", "keep one.");
        }
        catch (YamlException fault)
        {
            throw Fault($"{file}:{fault.Start.Line}", $"is no YAML: {fault.Message.TrimEnd('.')}", "mend it there.");
        }
    }

    private static List<SettingEntry> ReadEntries(string file, Parser parser)
    {
        var entries = new List<SettingEntry>();
        // A file of comments.
        if (parser.Accept<Scalar>(out var only) && only.Value.Length == 0)
        {
            parser.MoveNext();
            return entries;
        }

        if (!parser.TryConsume<MappingStart>(out _))
            throw Fault($"{file}:{parser.Current!.Start.Line}", "does not begin with a setting", "write lines such as 'listen: 0.0.0.0:8080'.");
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = parser.Consume<Scalar>();
            var place = $"{file}:{key.Start.Line}: {key.Value}";
            if (entries.Exists(entry => entry.Name == key.Value))
                throw Fault(place, "stands there twice", "keep one; several values are a list.");
            entries.Add(new SettingEntry(key.Value, ReadValues(place, parser), place));
        }

        return entries;
    }

    private static List<string> ReadValues(string place, Parser parser)
    {
        if (!parser.TryConsume<SequenceStart>(out _))
            return [ReadValue(place, parser)];
        var values = new List<string>();
        while (!parser.TryConsume<SequenceEnd>(out _))
            values.Add(ReadValue(place, parser));
        return values.Count > 0 ? values : throw Fault(place, "has no value", "Give it one, or leave the line out.");
    }

    private static string ReadValue(string place, Parser parser)
    {
        if (!parser.TryConsume<Scalar>(out var scalar))
            throw Fault(place, "is neither a value nor a list of values", "Settings are not nested.");
        if (scalar.Value.Length == 0 || (scalar.Style == ScalarStyle.Plain && scalar.Value is "~" or "null"))
            throw Fault(place, "has no value", "Give it one, or leave the line out.");
        return scalar.Value;
    }

    private static CommandFailure Fault(string place, string what, string remedy) => new($"{place} {what}.", remedy, ExitCode.BadUsage);
}
