using System.Globalization;

namespace MeshCanary.Pacer;

/// <summary>What load is made.</summary>
/// <param name="Target">An absolute http address whose host is an IP address.</param>
/// <param name="Rate">Requests a second.</param>
/// <param name="Seconds">Length of the load.</param>
/// <param name="Connections">Kept connections.</param>
/// <param name="Yields">Whether the core is shared with others, who get it whenever there is nothing to do.</param>
/// <param name="Log">File for a line of each request.</param>
internal sealed record PaceOptions(Uri Target, double Rate, double Seconds, int Connections, bool Yields, string Log)
{
    private const string Usage = "MeshCanary.Pacer URL RATE SECONDS CONNECTIONS own|shared LOGFILE";

    /// <summary>Reads the command line.</summary>
    /// <exception cref="FormatException">It is not as it should be; the message says how it should.</exception>
    public static PaceOptions Parse(ReadOnlySpan<string> arguments)
    {
        if (arguments is not [var url, var rate, var seconds, var connections, "own" or "shared", var log]
            || !Uri.TryCreate(url, UriKind.Absolute, out var target) || target.Scheme != Uri.UriSchemeHttp
            || target.HostNameType is not (UriHostNameType.IPv4 or UriHostNameType.IPv6)
            || !TryPositive(rate, out var each) || !TryPositive(seconds, out var length)
            || !int.TryParse(connections, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count is < 1 or > 10_000)
            throw new FormatException($"Write: {Usage}, with an address such as http://127.0.0.1:8080/100.");
        return new PaceOptions(target, each, length, count, arguments[4] == "shared", log);
    }

    private static bool TryPositive(string text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && value is > 0 and < 1e9;
}
