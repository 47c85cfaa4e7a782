using System.Globalization;

namespace MeshCanary.Analysis.Explaining;

/// <summary>Numbers as sentences hold them.</summary>
internal static class Words
{
    /// <summary>A share as percent; small ones get the digits that tell them from zero.</summary>
    public static string Share(double share) => Math.Abs(share) is > 0 and < 0.001 ? Say($"{share * 100:0.00##} %") : Say($"{share * 100:0.00} %");

    /// <summary>A difference of shares in percentage points, signed.</summary>
    public static string Points(double difference) =>
        Math.Abs(difference) is > 0 and < 0.0001 ? Say($"{difference * 100:+0.0000;-0.0000}") : Say($"{difference * 100:+0.00;-0.00;0.00}");

    /// <summary>A latency.</summary>
    public static string Latency(double seconds) => seconds < 1 ? Say($"{seconds * 1000:0.##} ms") : Say($"{seconds:0.##} s");

    /// <summary>A time, rounded up as it gets longer.</summary>
    public static string Duration(TimeSpan time) => time switch
    {
        { TotalMinutes: < 2 } => Say($"{time.TotalSeconds:0} s"),
        { TotalHours: < 2 } => Say($"{Math.Ceiling(time.TotalMinutes):0} min"),
        { TotalDays: < 2 } => Say($"{Math.Ceiling(time.TotalHours):0} h"),
        _ => Say($"{Math.Ceiling(time.TotalDays):0} days"),
    };

    /// <summary>A natural logarithm of evidence; a little below zero and minus zero are both nothing.</summary>
    public static string Evidence(double evidence) => Say($"{(Math.Abs(evidence) < 0.05 ? 0 : evidence):0.0}");

    /// <summary>A text in the invariant culture.</summary>
    public static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
