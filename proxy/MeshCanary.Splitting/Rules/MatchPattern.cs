using System.Text.RegularExpressions;

namespace MeshCanary.Splitting.Rules;

/// <summary>
/// The regular expressions of rules. Requests are matched by automata, without backtracking: no request, however made,
/// takes more time than its length times the size of the pattern. Both are bounded: the runtime refuses a pattern that
/// becomes more than 10,000 states once its repetitions are written out, and keeps at most as many states in memory.
/// </summary>
public static class MatchPattern
{
    /// <summary>Longest pattern, in characters.</summary>
    public const int Longest = 1000;

    /// <summary>Longest value that is matched, in characters; a longer one matches no pattern.</summary>
    public const int LongestValue = 2048;

    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    /// <summary>Why a pattern cannot be used, as a sentence; null when it can.</summary>
    /// <param name="pattern">The pattern as it was written, without anchors.</param>
    public static string? Fault(string pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        if (pattern.Length == 0)
            return "is empty and would match nothing but an empty value; use Exact for that.";
        if (pattern.Length > Longest)
            return $"has {pattern.Length} characters; at most {Longest} are allowed.";
        try
        {
            // Alone first: 'a)|(b' would be well-formed between the brackets of the anchored one, and mean something else.
            _ = new Regex(pattern, Options);
            _ = Build(pattern);
            return null;
        }
        catch (RegexParseException fault)
        {
            return $"is not a regular expression: {Words(fault.Error)}, at character {fault.Offset}.";
        }
        catch (NotSupportedException fault)
        {
            const string Before = "containing: ";
            var at = fault.Message.IndexOf(Before, StringComparison.Ordinal);
            return at < 0
                ? $"'{pattern}' is too large once its repetitions are written out; use smaller counts."
                : $"'{pattern}' holds {fault.Message[(at + Before.Length)..].TrimEnd('.')}, which cannot be matched in linear time; write it without.";
        }
    }

    /// <summary>Whether the whole of a value matches.</summary>
    internal static bool Matches(Regex built, string value) => value.Length <= LongestValue && built.IsMatch(value);

    /// <summary>The pattern made ready to match whole values.</summary>
    internal static Regex Build(string pattern) => new($@"\A(?:{pattern})\z", Options);

    private static string Words(RegexParseError error) =>
        string.Concat(error.ToString().Select((c, i) => char.IsUpper(c) ? (i == 0 ? "" : " ") + char.ToLowerInvariant(c) : c.ToString()));
}
