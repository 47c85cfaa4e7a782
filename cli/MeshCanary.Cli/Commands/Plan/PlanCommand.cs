using System.CommandLine;
using MeshCanary.Analysis.Planning;
using MeshCanary.Analysis.Samples;
using MeshCanary.Cli.Hosting;
using MeshCanary.Cli.Rendering;
using MeshCanary.Rollouts.Specs;

namespace MeshCanary.Cli.Commands.Plan;

/// <summary><c>plan</c>: what the steps of a Canary can find out at a given traffic, and which would be better.</summary>
internal sealed class PlanCommand : Command
{
    private readonly Argument<string[]> _files = new("FILE")
    {
        Description = "YAML files with Canaries.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<double> _rate = TrafficArguments.Rate();
    private readonly Option<double> _errors = TrafficArguments.ErrorRate();
    private readonly Option<TimeSpan?> _median = CommonArguments.Duration("--p50", "Median latency of stable, such as 80ms. With --p99; without both only errors are planned for.");
    private readonly Option<TimeSpan?> _tail = CommonArguments.Duration("--p99", "99th percentile of stable's latency, such as 400ms.");
    private readonly Terminal _terminal;

    public PlanCommand(Terminal terminal)
        : base("plan", "Tells what each step of a Canary can and cannot find out at a given traffic, and recommends weights and durations.")
    {
        _terminal = terminal;
        Add(_files);
        Add(_rate);
        Add(_errors);
        Add(_median);
        Add(_tail);
        Validators.Add(result =>
        {
            if (result.GetValue(_median).HasValue != result.GetValue(_tail).HasValue)
                result.AddError("--p50 and --p99 describe the latency together: give both or neither.");
            else if (result.GetValue(_median) is { } median && result.GetValue(_tail) is { } tail && !(median > TimeSpan.Zero && tail > median && tail <= TimeSpan.FromSeconds(120)))
                result.AddError("--p50 must be above 0, and --p99 above it and at most 120s.");
        });
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        var traffic = new TrafficForecast
        {
            RequestsPerSecond = parsed.GetValue(_rate),
            StableErrorRate = parsed.GetValue(_errors),
            StableLatency = parsed.GetValue(_median) is { } median && parsed.GetValue(_tail) is { } tail
                ? LatencyShape.LogNormal(median.TotalSeconds, tail.TotalSeconds)
                : LatencyHistogram.Empty,
        };
        foreach (var manifest in await ManifestFiles.RequireAsync(parsed.GetRequiredValue(_files), stop))
            Tell(manifest, traffic);
        return ExitCode.Success;
    }

    private void Tell(CanaryManifest manifest, TrafficForecast traffic)
    {
        var analysis = manifest.Spec.Analysis;
        var timing = new PlanTiming(analysis.Interval, analysis.Warmup);
        var forecaster = new VerdictForecaster(analysis.Settings, traffic, timing);
        Write($"{manifest.Key} as it is written:", 0);
        var warmup = timing.Warmup;
        foreach (var (step, number) in manifest.Spec.Strategy.Steps.Select((step, index) => (step, index + 1)).Where(pair => pair.step.Weight is not null))
        {
            var (least, most) = (Counted(step.MinDuration, warmup), Counted(step.MaxDuration, warmup));
            // A shortest time within the warm-up decides nothing: the step then lasts until there is evidence, or to its longest.
            var (duration, which) = least >= analysis.Settings.MinimumIntervals * timing.Interval ? (least, "shortest") : (most, "longest");
            Write($"{number}. In its {which} time: {StepForecast.Of(forecaster, step.Weight!.Value.Value / 10_000.0, duration).Sentence}", 2);
            warmup = TimeSpan.Zero;
        }

        Recommend(RolloutPlanner.Recommend(analysis.Settings, traffic, timing));
    }

    private void Recommend(RolloutPlan plan)
    {
        Write($"Recommended for this traffic:", 0);
        foreach (var step in plan.Steps)
            Write($"- {{ weight: {step.Weight / 100m:0.##}, minDuration: {Figures.Spec(step.MinDuration)}, maxDuration: {Figures.Spec(step.MaxDuration)} }}", 2);
        if (plan.TimeToPass is { } time)
            Write($"A version as good as stable is expected to be proven harmless {Figures.Spec(time)} after its first traffic.", 2);
        foreach (var warning in plan.Warnings)
            Write($"Warning: {warning}", 2);
    }

    private void Write(FormattableString text, int indent)
    {
        foreach (var line in TextWrap.Lines(FormattableString.Invariant(text), ConsoleFactory.WidthOf(_terminal) - indent))
            _terminal.Out.WriteLine(new string(' ', indent) + line);
    }

    // The warm-up of the first step is not counted.
    private static TimeSpan Counted(TimeSpan duration, TimeSpan warmup) => duration > warmup ? duration - warmup : TimeSpan.Zero;
}
