using System.Globalization;
using MeshCanary.Rollouts.Specs.Parsing.Yaml;

namespace MeshCanary.Rollouts.Specs.Parsing.Fields;

/// <summary>Reads single values; what is wrong is said once and gives null.</summary>
internal static class Scalars
{
    private const NumberStyles Decimal = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    public static string? Text(Value? value, ErrorList errors, string example)
    {
        if (value is not { } at)
            return null;
        if (at.Node is { Kind: NodeKind.Scalar, IsNull: false })
            return at.Node.Text;
        errors.Add(at, $"expected a word, found {at.Node.Describe()}", $"Write {example}");
        return null;
    }

    /// <summary>One of some words; the first is what an error suggests when nothing is near.</summary>
    public static string? OneOf(Value? value, ErrorList errors, params ReadOnlySpan<string> words)
    {
        var list = words.ToArray();
        if (Text(value, errors, string.Join(" or ", list)) is not { } text)
            return null;
        if (list.Contains(text, StringComparer.Ordinal))
            return text;
        var near = Suggestion.For(text, list);
        errors.Add(value!.Value, $"'{text}' is not one of {string.Join(", ", list)}", near is null ? $"Write {string.Join(" or ", list)}" : $"Did you mean '{near}'?");
        return null;
    }

    public static decimal? Number(Value? value, ErrorList errors, decimal least, decimal most, string example)
    {
        if (Text(value, errors, example) is not { } text)
            return null;
        if (TryDecimal(text, out var number) && number >= least && number <= most)
            return number;
        errors.Add(value!.Value, Say(text, $"a number from {Show(least)} to {Show(most)}"), $"Write {example}");
        return null;
    }

    public static long? Whole(Value? value, ErrorList errors, long least, long most, string example)
    {
        if (Text(value, errors, example) is not { } text)
            return null;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            return number;
        errors.Add(value!.Value, Say(text, $"a whole number from {least} to {most}"), $"Write {example}");
        return null;
    }

    /// <summary>A share as a number of 0…1 from <c>0.05%</c>; a bare number is refused, since it could mean either.</summary>
    public static double? Percent(Value? value, ErrorList errors, decimal least, decimal most, string example)
    {
        if (Text(value, errors, example) is not { } text)
            return null;
        if (!text.EndsWith('%'))
        {
            var remedy = TryDecimal(text, out _) ? $"Write {text}% if percent is meant" : $"Write {example}";
            errors.Add(value!.Value, $"'{text}' is not a percentage: the % is missing", remedy);
            return null;
        }

        if (TryDecimal(text[..^1].TrimEnd(), out var percent) && percent >= least && percent <= most)
            return (double)(percent / 100m);
        errors.Add(value!.Value, Say(text, $"a percentage from {Show(least)}% to {Show(most)}%"), $"Write {example}");
        return null;
    }

    internal static bool TryDecimal(string text, out decimal number) =>
        decimal.TryParse(text, Decimal, CultureInfo.InvariantCulture, out number);

    private static string Say(string text, string wanted) => $"'{text}' is not {wanted}";

    private static string Show(decimal number) => number.ToString("0.############################", CultureInfo.InvariantCulture);
}
