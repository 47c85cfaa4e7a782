using System.Collections.Immutable;
using MeshCanary.Analysis.Judging;

namespace MeshCanary.Analysis.Kayenta;

/// <summary>When a multi-interval analysis judges, and what each judgement looks at: Kayenta's standalone analysis. Immutable.</summary>
public sealed record KayentaSchedule
{
    /// <summary>How long the analysis lasts, above zero.</summary>
    public required TimeSpan Lifetime { get; init; }

    /// <summary>Time from judgement to judgement; the whole lifetime when it is null, zero or longer than that.</summary>
    public TimeSpan? Interval { get; init; }

    /// <summary>Time to wait before the analysis begins. It does not move windows whose end is given.</summary>
    public TimeSpan BeginAfter { get; init; }

    /// <summary>Length of a sliding window; zero for a window that grows from the start.</summary>
    public TimeSpan LookBack { get; init; }

    /// <summary>How much earlier the baseline's windows lie.</summary>
    public TimeSpan ControlOffset { get; init; }

    /// <summary>Whether the analysis is of a past time whose end was given: then the wait does not move the windows.</summary>
    public bool EndIsGiven { get; init; }

    /// <summary>How many judgements there are: ⌊lifetime / interval⌋.</summary>
    public int Judgements => (int)Math.Min(Lifetime.Ticks / Period.Ticks, int.MaxValue);

    /// <summary>The interval that holds.</summary>
    private TimeSpan Period => Interval is { Ticks: > 0 } interval && interval <= Lifetime ? interval : Lifetime;

    /// <summary>What the judgement of a number looks at: start … start + number · interval, or its last part with a look-back.</summary>
    /// <param name="number">1 for the first judgement.</param>
    /// <param name="start">Start of the run (UTC).</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such judgement.</exception>
    public KayentaWindow Window(int number, DateTimeOffset start)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, Judgements);
        var from = EndIsGiven ? start : start + BeginAfter;
        var end = from + (number * Period);
        if (LookBack > TimeSpan.Zero)
            from = end - LookBack;
        return new KayentaWindow(from, end, from - ControlOffset, end - ControlOffset);
    }

    /// <summary>Everything that is wrong with this schedule; empty when there is nothing.</summary>
    public ImmutableArray<SettingProblem> Validate()
    {
        var problems = ImmutableArray.CreateBuilder<SettingProblem>();
        if (Lifetime <= TimeSpan.Zero)
            problems.Add(new SettingProblem(nameof(Lifetime), $"is {Lifetime:c}; it must be above zero."));
        foreach (var (name, value) in new[] { (nameof(Interval), Interval ?? TimeSpan.Zero), (nameof(BeginAfter), BeginAfter), (nameof(LookBack), LookBack) })
        {
            if (value < TimeSpan.Zero)
                problems.Add(new SettingProblem(name, $"is {value:c}; it must not be negative."));
        }

        return problems.ToImmutable();
    }
}
