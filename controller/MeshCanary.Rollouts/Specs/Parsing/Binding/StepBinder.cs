using System.Collections.Immutable;
using MeshCanary.Rollouts.Specs.Parsing.Fields;
using MeshCanary.Splitting.Weights;

namespace MeshCanary.Rollouts.Specs.Parsing.Binding;

/// <summary>Reads the steps: each a weight or an approval; weights rise.</summary>
internal static class StepBinder
{
    private const int MinimumIntervals = 3;
    private static readonly TimeSpan DefaultMaximum = TimeSpan.FromMinutes(20);

    public static ImmutableArray<StepSpec> BindAll(Value? steps, TimeSpan interval, ErrorList errors)
    {
        var highest = 0;
        var before = errors.Count;
        var read = Lists.Of(steps, errors, "[{ weight: 1 }, { weight: 10 }]", item => Bind(item, interval, ref highest, errors));
        if (steps is { } at && errors.Count == before && !read.Any(step => step.Weight is not null))
            errors.Add(at, "holds no weight", "Give at least one, such as { weight: 10 }");
        return read;
    }

    private static StepSpec? Bind(Value step, TimeSpan interval, ref int highest, ErrorList errors)
    {
        var fields = FieldSet.Of(step, errors, "{ weight: 10 } or { approval: { timeout: 2h, onTimeout: abort } }");
        if (fields is null)
            return null;
        var weight = fields.Optional("weight");
        var approval = fields.Optional("approval");
        if (weight is null == approval is null)
            errors.Add(step, weight is null ? "holds neither a weight nor an approval" : "holds a weight and an approval", "Write one of them per step: { weight: 10 } or { approval: { timeout: 2h, onTimeout: abort } }");
        var bound = approval is { } given ? Approval(given, errors) : Weighted(fields, weight, interval, ref highest, errors);
        if (approval is not null)
            NoDurations(fields, errors);
        fields.Close();
        return bound;
    }

    private static StepSpec? Weighted(FieldSet fields, Value? weight, TimeSpan interval, ref int highest, ErrorList errors)
    {
        var share = Weight(weight, ref highest, errors);
        var least = fields.Optional("minDuration");
        var most = fields.Optional("maxDuration");
        var maximum = Durations.Read(most, errors, TimeSpan.FromSeconds(1), Durations.Longest, "20m") ?? DefaultMaximum;
        var ordinary = interval * MinimumIntervals;
        var minimum = Durations.Read(least, errors, TimeSpan.Zero, Durations.Longest, "2m") ?? (ordinary < maximum ? ordinary : maximum);
        if (minimum > maximum)
        {
            var note = most is null ? " (which is the default)" : "";
            errors.Add(least ?? fields.At, $"minDuration {Durations.Show(minimum)} is longer than maxDuration {Durations.Show(maximum)}{note}", "Shorten it, or write a longer maxDuration");
        }

        return share is null ? null : new StepSpec { Weight = share, MinDuration = minimum, MaxDuration = maximum };
    }

    private static BasisPoints? Weight(Value? weight, ref int highest, ErrorList errors)
    {
        const string Example = "a percentage such as 12.5";
        if (Scalars.Text(weight, errors, Example) is not { } text)
            return null;
        var at = weight!.Value;
        if (!Scalars.TryDecimal(text.EndsWith('%') ? text[..^1] : text, out var percent) || percent is < 0.01m or > 100m)
        {
            errors.Add(at, $"'{text}' is not a percentage from 0.01 to 100", $"Write {Example}");
            return null;
        }

        var points = percent * 100m;
        if (points != decimal.Truncate(points))
        {
            errors.Add(at, $"'{text}' is finer than 0.01 percent", $"Write {decimal.Round(percent, 2):0.##}");
            return null;
        }

        var share = new BasisPoints((int)points);
        if (share.Value <= highest)
            errors.Add(at, $"{share} does not rise above the step before it, {new BasisPoints(highest)}", "Put the steps in order; every weight has to be higher than the last");
        highest = Math.Max(highest, share.Value);
        return share;
    }

    private static StepSpec? Approval(Value approval, ErrorList errors)
    {
        var fields = FieldSet.Of(approval, errors, "approval: { timeout: 2h, onTimeout: abort }");
        if (fields is null)
            return null;
        var timeout = Durations.Read(fields.Required("timeout", "timeout: 2h"), errors, TimeSpan.FromSeconds(1), Durations.Longest, "2h");
        var action = Scalars.OneOf(fields.Optional("onTimeout"), errors, "abort", "promote");
        fields.Close();
        return timeout is null ? null : new StepSpec { Approval = new ApprovalSpec(timeout.Value, action == "promote" ? TimeoutAction.Promote : TimeoutAction.Abort) };
    }

    private static void NoDurations(FieldSet fields, ErrorList errors)
    {
        foreach (var name in new[] { "minDuration", "maxDuration" })
        {
            if (fields.Optional(name) is { } value)
                errors.Add(value, "belongs to a weight, not to an approval", "Remove it; an approval has a timeout");
        }
    }
}
