namespace MeshCanary.Rollouts.Specs.Parsing.Fields;

/// <summary>Reads whole percentages such as <c>50%</c>.</summary>
internal static class Percents
{
    public static int? Whole(Value? value, ErrorList errors, int least, int most, string example)
    {
        if (Scalars.Percent(value, errors, least, most, example) is not { } share)
            return null;
        var percent = Math.Round(share * 100, 6);
        if (percent == Math.Truncate(percent))
            return (int)percent;
        errors.Add(value!.Value, $"'{value.Value.Node.Text}' is not a whole percentage", $"Write {example}");
        return null;
    }
}
