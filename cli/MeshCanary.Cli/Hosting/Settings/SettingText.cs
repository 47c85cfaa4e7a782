using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;

namespace MeshCanary.Cli.Hosting.Settings;

/// <summary>Sizes, counts and lists of addresses, as they are written and read.</summary>
internal static class SettingText
{
    private const string Nothing = "none";

    private static readonly (string Unit, long Bytes)[] Units = [("GiB", 1L << 30), ("MiB", 1L << 20), ("KiB", 1L << 10), ("B", 1), ("", 1)];

    /// <summary>A size in the largest unit that it is a whole number of.</summary>
    public static string Size(long bytes)
    {
        var (unit, size) = Units.First(it => bytes % it.Bytes == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{bytes / size}{unit}");
    }

    /// <summary>A size such as <c>8KiB</c>, within limits.</summary>
    public static long ReadSize(ArgumentResult result, long least, long most)
    {
        var text = result.Tokens[0].Value;
        foreach (var (unit, bytes) in Units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal)
                && long.TryParse(text[..^unit.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number <= most / bytes && number * bytes >= least)
                return number * bytes;
        }

        result.AddError($"'{text}' is not a size from {Size(least)} to {Size(most)}, such as 64KiB, 1MiB or 8192 for bytes.");
        return default;
    }

    /// <summary>A whole number within limits.</summary>
    public static int ReadCount(ArgumentResult result, int least, int most)
    {
        var text = result.Tokens[0].Value;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            return number;
        result.AddError($"'{text}' is not a whole number from {least} to {most}.");
        return default;
    }

    /// <summary>A share of 0 to 1, written in percent.</summary>
    public static double? ReadShare(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (double.TryParse(text.EndsWith('%') ? text[..^1] : text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent) && percent is >= 0 and <= 100)
            return percent / 100;
        result.AddError($"'{text}' is not a share from 0% to 100%, such as 5% or 0.1%.");
        return null;
    }

    /// <summary>Addresses to listen on; <c>none</c> alone is none.</summary>
    public static IPEndPoint[]? ReadAddresses(ArgumentResult result)
    {
        if (result.Tokens is [{ Value: Nothing }])
            return [];
        var addresses = result.Tokens.Select(token => ArgumentParsers.EndPoint(result, token.Value)).OfType<IPEndPoint>().ToArray();
        if (addresses.FirstOrDefault(address => address.Port != 0 && addresses.Count(other => other.Equals(address)) > 1) is { } twice)
            result.AddError($"'{twice}' is named twice; name each address once.");
        return addresses;
    }
}
