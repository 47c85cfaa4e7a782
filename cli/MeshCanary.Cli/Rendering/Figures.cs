using System.Globalization;

namespace MeshCanary.Cli.Rendering;

/// <summary>Numbers as people read them, always with a point and a comma.</summary>
internal static class Figures
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>What stands where there is no number.</summary>
    public const string None = "–";

    /// <summary>A share in basis points as percent.</summary>
    public static string Share(int? basisPoints) => basisPoints is { } value ? string.Create(Culture, $"{value / 100m:0.##}%") : None;

    /// <summary>Part of a whole as percent.</summary>
    public static string Percent(long part, long whole) => whole == 0 ? None : Percent((double)part / whole);

    /// <summary>A share of 0…1 as percent.</summary>
    public static string Percent(double share) => string.Create(Culture, $"{share * 100:0.##}%");

    /// <summary>A difference of shares in percentage points, signed.</summary>
    public static string Points(double difference) => string.Create(Culture, $"{difference * 100:+0.00;-0.00;0.00}");

    /// <summary>A latency in seconds, to three figures.</summary>
    public static string Latency(double? seconds) => seconds switch
    {
        null => None,
        { } value when double.IsInfinity(value) => "over 2 min",
        < 0.01 and { } value => string.Create(Culture, $"{value * 1000:0.0} ms"),
        < 1 and { } value => string.Create(Culture, $"{value * 1000:0} ms"),
        { } value => string.Create(Culture, $"{value:0.00} s"),
    };

    /// <summary>A count with separators.</summary>
    public static string Count(long count) => count.ToString("N0", Culture);

    /// <summary>Requests a second.</summary>
    public static string Rate(double perSecond) => perSecond.ToString(perSecond < 10 ? "0.#" : "N0", Culture);

    /// <summary>A running time as on a clock: <c>1:07</c>.</summary>
    public static string Clock(TimeSpan time)
    {
        var rounded = TimeSpan.FromSeconds(Math.Max(0, Math.Floor(time.TotalSeconds)));
        return rounded.TotalHours >= 1
            ? string.Create(Culture, $"{(long)rounded.TotalHours}:{rounded.Minutes:00}:{rounded.Seconds:00}")
            : string.Create(Culture, $"{rounded.Minutes}:{rounded.Seconds:00}");
    }

    /// <summary>A duration in words: <c>12.3 s</c>, <c>4 min 10 s</c>, <c>2 h 5 min</c>.</summary>
    public static string Duration(TimeSpan time) => time.TotalSeconds switch
    {
        < 60 => string.Create(Culture, $"{time.TotalSeconds:0.#} s"),
        < 3600 => string.Create(Culture, $"{time.Minutes} min {time.Seconds} s"),
        < 86400 => string.Create(Culture, $"{time.Hours} h {time.Minutes} min"),
        _ => string.Create(Culture, $"{time.Days} d {time.Hours} h"),
    };

    /// <summary>A duration as a spec takes it: <c>90s</c>, <c>4m10s</c>, <c>2h5m</c>.</summary>
    public static string Spec(TimeSpan time)
    {
        var seconds = (long)Math.Round(time.TotalSeconds);
        var (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        return string.Concat(
            hours > 0 ? string.Create(Culture, $"{hours}h") : "",
            minutes > 0 ? string.Create(Culture, $"{minutes}m") : "",
            rest > 0 || seconds == 0 ? string.Create(Culture, $"{rest}s") : "");
    }

    /// <summary>A moment, in UTC.</summary>
    public static string Moment(DateTimeOffset moment) => moment.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", Culture);

    /// <summary>A moment of today, in UTC.</summary>
    public static string TimeOfDay(DateTimeOffset moment) => moment.ToUniversalTime().ToString("HH:mm:ss", Culture);

    /// <summary>A count with its noun.</summary>
    public static string Many(long count, string singular, string? plural = null) =>
        $"{Count(count)} {(count == 1 ? singular : plural ?? singular + "s")}";
}
