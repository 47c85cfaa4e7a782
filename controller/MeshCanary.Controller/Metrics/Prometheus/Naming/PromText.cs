using System.Text;

namespace MeshCanary.Controller.Metrics.Prometheus.Naming;

/// <summary>Writes values into queries.</summary>
internal static class PromText
{
    /// <summary>A value that is matched as it is, as a regular expression.</summary>
    public static string Regex(string value)
    {
        var text = new StringBuilder();
        foreach (var letter in value)
        {
            if (@"\.+*?()|[]{}^$".Contains(letter, StringComparison.Ordinal))
                text.Append('\\');
            text.Append(letter);
        }

        return text.ToString();
    }

    /// <summary>A matcher for an equal value.</summary>
    public static string Is(string label, string value) => $"{label}=\"{Quoted(value)}\"";

    /// <summary>A matcher for a regular expression.</summary>
    public static string Matches(string label, string regex) => $"{label}=~\"{Quoted(regex)}\"";

    private static string Quoted(string text) =>
        text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal);
}
