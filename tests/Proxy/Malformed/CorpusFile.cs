using MeshCanary.Proxy.Tests.Harness;

namespace MeshCanary.Proxy.Tests.Malformed;

/// <summary>Reads the files in <c>Corpus</c>; its README says how they are written.</summary>
internal static class CorpusFile
{
    /// <summary>All cases of the files with an extension, by their names.</summary>
    public static IReadOnlyDictionary<string, CorpusCase> ReadAll(string extension)
    {
        var files = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Malformed", "Corpus"), $"*.{extension}").Order(StringComparer.Ordinal);
        return files.SelectMany(file => Cases(File.ReadAllLines(file))).ToDictionary(entry => entry.Name, StringComparer.Ordinal);
    }

    private static IEnumerable<CorpusCase> Cases(string[] lines)
    {
        List<string> entry = [];
        foreach (var line in lines.Where(line => line.Length > 0 && line[0] != '#').Append("== "))
        {
            if (line.StartsWith("== ", StringComparison.Ordinal) && entry.Count > 0)
            {
                yield return Case(entry);
                entry.Clear();
            }

            entry.Add(line);
        }
    }

    private static CorpusCase Case(List<string> lines)
    {
        var then = Value(lines, "then: ").Split(", ");
        return new CorpusCase(
            Value(lines, "== "),
            Value(lines, "why: "),
            [.. lines.Where(line => line[0] == '>')],
            lines.Contains("end"),
            then[0],
            then is [_] ? Seen(lines) : null,
            NoneWhole: then is [_, "none whole"]);
    }

    private static List<RawMessage> Seen(List<string> lines)
    {
        List<RawMessage> seen = [];
        foreach (var line in lines.Where(line => line[0] == '<'))
        {
            if (line.StartsWith("<< ", StringComparison.Ordinal))
                seen.Add(new RawMessage(Escapes.Resolve(line[3..]), [], "", IsWhole: true, 0));
            else if (line.StartsWith("<= ", StringComparison.Ordinal))
                seen[^1] = seen[^1] with { Body = Escapes.Resolve(line[3..]) };
            else if (line == "<!")
                seen[^1] = seen[^1] with { IsWhole = false };
            else
                seen[^1] = seen[^1] with { Headers = [.. seen[^1].Headers, Header(line[2..])] };
        }

        return seen;
    }

    private static (string Name, string Value) Header(string line)
    {
        var parts = line.Split(':', 2);
        return (parts[0], Escapes.Resolve(parts[1].Trim(' ')));
    }

    private static string Value(List<string> lines, string start) =>
        lines.SingleOrDefault(line => line.StartsWith(start, StringComparison.Ordinal))?[start.Length..]
        ?? throw new InvalidDataException($"One '{start}' is missing or is there twice in the case '{lines[0]}'.");
}
