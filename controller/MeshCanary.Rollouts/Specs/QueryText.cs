using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;

namespace MeshCanary.Rollouts.Specs;

/// <summary>
/// A query with variables: <c>{{ name }}</c> stands for a value. There is nothing else to it: no conditions, no functions. Values hold
/// nothing that any query language takes for more than a letter of a text, so none has to be escaped. Immutable.
/// </summary>
public sealed class QueryText
{
    private readonly ImmutableArray<(string Text, bool IsVariable)> _parts;

    private QueryText(ImmutableArray<(string Text, bool IsVariable)> parts) => _parts = parts;

    /// <summary>Variables that every query has.</summary>
    public static FrozenSet<string> Given { get; } = FrozenSet.Create(
        StringComparer.Ordinal, "namespace", "service", "workload", "revision", "arm", "podRegex", "interval", "from", "to", "fromUnix", "toUnix");

    /// <summary>The variables in it, each once.</summary>
    public IEnumerable<string> Variables => _parts.Where(part => part.IsVariable).Select(part => part.Text).Distinct(StringComparer.Ordinal);

    /// <summary>Reads one.</summary>
    /// <param name="text">The query.</param>
    /// <param name="fault">What is wrong with it; null when nothing is.</param>
    /// <returns>The query, or null with a fault.</returns>
    public static QueryText? Read(string text, out string? fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = ImmutableArray.CreateBuilder<(string, bool)>();
        fault = null;
        for (var at = 0; at < text.Length;)
        {
            var open = text.IndexOf("{{", at, StringComparison.Ordinal);
            parts.Add((open < 0 ? text[at..] : text[at..open], false));
            if (open < 0)
                break;
            var close = text.IndexOf("}}", open, StringComparison.Ordinal);
            var name = close < 0 ? "" : text[(open + 2)..close].Trim();
            if (!IsName(name))
            {
                fault = close < 0 ? $"'{{{{' at character {open + 1} is not closed" : $"'{text[open..(close + 2)]}' is not a variable";
                return null;
            }

            parts.Add((name, true));
            at = close + 2;
        }

        return new QueryText(parts.ToImmutable());
    }

    /// <summary>The query with values in the places of its variables.</summary>
    /// <exception cref="KeyNotFoundException">A variable has no value; the message names it.</exception>
    public string Fill(IReadOnlyDictionary<string, string> values)
    {
        var text = new StringBuilder();
        foreach (var (part, isVariable) in _parts)
            text.Append(!isVariable ? part : values.TryGetValue(part, out var value) ? value : throw new KeyNotFoundException($"The query's variable '{part}' has no value."));
        return text.ToString();
    }

    /// <summary>Whether a text can be the name of a variable.</summary>
    public static bool IsName(string text) =>
        text is { Length: > 0 and <= 63 } && char.IsAsciiLetter(text[0]) && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_');

    /// <summary>Whether a text can be a variable's value: letters, digits and marks that end no text and begin nothing in any query language.</summary>
    public static bool IsValue(string text) =>
        text is { Length: > 0 and <= 253 } && text.All(letter => char.IsAsciiLetterOrDigit(letter) || "_-./:@%+*|".Contains(letter, StringComparison.Ordinal));
}
