using System.Globalization;

namespace MeshCanary.Rollouts.Specs.Parsing.Fields;

/// <summary>Reads sizes such as <c>64KiB</c>.</summary>
internal static class Sizes
{
    private static readonly (string Unit, long Bytes)[] Units = [("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1)];

    public static long? Read(Value? value, ErrorList errors, long least, long most, string example)
    {
        if (Scalars.Text(value, errors, example) is not { } text)
            return null;
        var at = value!.Value;
        var (unit, factor) = Array.Find(Units, known => text.EndsWith(known.Unit, StringComparison.Ordinal));
        if (unit is null || !long.TryParse(text[..^unit.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > long.MaxValue / factor)
        {
            var bare = text.Length > 0 && text.All(char.IsAsciiDigit);
            errors.Add(at, bare ? $"'{text}' has no unit" : $"'{text}' is not a size", bare ? $"Write {text}B if bytes are meant" : $"Write {example}; units are B, KiB and MiB");
            return null;
        }

        if (number * factor >= least && number * factor <= most)
            return number * factor;
        errors.Add(at, $"'{text}' is not between {Show(least)} and {Show(most)}", $"Write {example}");
        return null;
    }

    private static string Show(long bytes)
    {
        var (unit, factor) = Array.Find(Units, known => bytes % known.Bytes == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{bytes / factor}{unit}");
    }
}
