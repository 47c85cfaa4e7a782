using System.Globalization;

namespace MeshCanary.Rollouts.Deciding;

/// <summary>Values as people say them.</summary>
internal static class Spoken
{
    /// <summary>Such as <c>1h 30m</c>, <c>45s</c> or <c>250ms</c>.</summary>
    public static string Of(TimeSpan span)
    {
        if (span < TimeSpan.FromSeconds(1))
            return string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, (long)span.TotalMilliseconds)}ms");
        string[] parts =
        [
            Part((int)span.TotalHours, "h"), Part(span.Minutes, "m"), Part(span.Seconds, "s"),
        ];
        return string.Join(' ', parts.Where(part => part.Length > 0));
    }

    /// <summary>Such as <c>1 endpoint</c> or <c>3 endpoints</c>.</summary>
    public static string Of(long count, string noun, string? plural = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? noun : plural ?? noun + "s")}");

    /// <summary>Appends a person's reason when there is one.</summary>
    public static string With(string text, string reason) => string.IsNullOrWhiteSpace(reason) ? text : $"{text}: {reason.Trim()}";

    private static string Part(int value, string unit) => value == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{value}{unit}");
}
