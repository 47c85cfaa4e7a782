using System.Globalization;
using System.Text.RegularExpressions;

namespace MeshCanary.Rollouts.Specs.Parsing.Fields;

/// <summary>Reads durations such as <c>90s</c>, <c>1h30m</c> or <c>500ms</c>.</summary>
internal static partial class Durations
{
    /// <summary>Longer waits are typing errors.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    public static TimeSpan? Read(Value? value, ErrorList errors, TimeSpan least, TimeSpan most, string example)
    {
        if (Scalars.Text(value, errors, example) is not { } text)
            return null;
        var at = value!.Value;
        if (Parse(text) is not { } span)
        {
            var bare = Scalars.TryDecimal(text, out _);
            errors.Add(at, bare ? $"'{text}' has no unit" : $"'{text}' is not a duration", bare && !text.StartsWith('-') ? $"Write {text}s if seconds are meant" : $"Write {example}; units are ms, s, m and h");
            return null;
        }

        if (span >= least && span <= most)
            return span;
        errors.Add(at, $"'{text}' is not between {Show(least)} and {Show(most)}", $"Write {example}");
        return null;
    }

    /// <summary>The duration as it would be written.</summary>
    public static string Show(TimeSpan span) => span switch
    {
        { Ticks: 0 } => "0s",
        _ when span.Ticks % TimeSpan.TicksPerHour == 0 => Show(span.TotalHours, "h"),
        _ when span.Ticks % TimeSpan.TicksPerMinute == 0 => Show(span.TotalMinutes, "m"),
        _ when span.Ticks % TimeSpan.TicksPerSecond == 0 => Show(span.TotalSeconds, "s"),
        _ => Show(span.TotalMilliseconds, "ms"),
    };

    private static TimeSpan? Parse(string text)
    {
        if (text.Length > 64 || !Form().IsMatch(text))
            return null;
        var ticks = 0m;
        foreach (var part in Part().EnumerateMatches(text))
        {
            var piece = text.AsSpan(part.Index, part.Length);
            var unit = piece.TrimStart("0123456789.");
            if (!decimal.TryParse(piece[..^unit.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) || number > int.MaxValue)
                return null;
            ticks += number * (unit switch { "ms" => TimeSpan.TicksPerMillisecond, "s" => TimeSpan.TicksPerSecond, "m" => TimeSpan.TicksPerMinute, _ => TimeSpan.TicksPerHour });
        }

        return ticks > TimeSpan.MaxValue.Ticks ? null : TimeSpan.FromTicks((long)ticks);
    }

    private static string Show(double number, string unit) => string.Create(CultureInfo.InvariantCulture, $"{number:0.####}{unit}");

    [GeneratedRegex(@"^(\d+(\.\d+)?(ms|s|m|h))+\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Form();

    [GeneratedRegex(@"\d+(\.\d+)?(ms|s|m|h)", RegexOptions.CultureInvariant)]
    private static partial Regex Part();
}
