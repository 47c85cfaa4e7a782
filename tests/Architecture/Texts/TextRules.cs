using System.Text.RegularExpressions;

namespace MeshCanary.Architecture.Tests.Texts;

/// <summary>What no file may say.</summary>
internal static partial class TextRules
{
    /// <summary>Paths of one machine, which mean nothing on another.</summary>
    public static IEnumerable<string> MachinePathViolations(string place, string text) =>
        Lines(place, text, MachinePath(), "a path of one machine");

    /// <summary>Waits for a time instead of a condition, or by another clock than the given one.</summary>
    public static IEnumerable<string> WaitViolations(string place, string text) =>
        Lines(place, text, BlindWait(), "a wait for a fixed time; wait on a condition, or take a TimeProvider");

    private static IEnumerable<string> Lines(string place, string text, Regex pattern, string what) =>
        pattern.Matches(text).Select(match => $"{place}:{text.AsSpan(0, match.Index).Count('\n') + 1}: {what}: {match.Value}");

    // An absolute path, not a part of a longer one or of an address.
    [GeneratedRegex(@"(?<![\w.\-/}])/(?:work|root)/[\w.\-]*")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"\bTask\.Delay\(\s*\d[\w.]*|\bThread\.Sleep\b")]
    private static partial Regex BlindWait();
}
