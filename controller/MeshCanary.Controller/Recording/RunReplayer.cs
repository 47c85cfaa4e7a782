using System.Collections.Immutable;
using System.Text.Json;
using MeshCanary.Analysis.Judging;
using MeshCanary.Analysis.Judging.Baking;
using MeshCanary.Controller.Api;

namespace MeshCanary.Controller.Recording;

/// <summary>Computes every verdict of a record again. Pure.</summary>
public static class RunReplayer
{
    /// <summary>Replays a record; the result names every verdict that does not come out with the same bits.</summary>
    /// <exception cref="InvalidDataException">The record has a format that this build does not know, or lacks something.</exception>
    public static ReplayResult Replay(RunRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (record.Format != RunRecord.CurrentFormat)
            throw new InvalidDataException($"The record has format {record.Format}; this build replays format {RunRecord.CurrentFormat}. Use the version that wrote it.");
        var judge = new CanaryJudge(record.Settings);
        var first = record.Intervals.LastOrDefault(interval => interval.IsAfresh)?.Number ?? 1;
        var differences = ImmutableArray.CreateBuilder<ReplayDifference>();
        var verdicts = 0;
        BakeWatch? bake = null;
        foreach (var interval in record.Intervals.Where(interval => interval.Number >= first))
        {
            if (interval.Use == IntervalUse.Bake)
            {
                // Records of before there was more to a bake than guards do not have it.
                if (interval.Bake is not { } kept)
                    continue;
                bake ??= new BakeWatch(record.Settings, BakePlan.Of(record.Settings, judge.Save(), judge.Assess(), record.BakeIntervals));
                bake.Observe(interval.Sample.Canary);
                verdicts++;
                var again = bake.Assess();
                if (Write(Wordless(again)) != Write(Wordless(kept)))
                    differences.Add(new ReplayDifference(interval.Number, Write(kept), Write(again)));
                continue;
            }

            if (interval.Use == IntervalUse.Warmup)
                judge.Warm(interval.Sample);
            else
                judge.Observe(interval.Sample);
            var replayed = judge.Assess();
            var recorded = interval.Verdict ?? throw new InvalidDataException($"Interval {interval.Number} of the record lacks its verdict.");
            verdicts++;
            if (Write(Wordless(replayed)) != Write(Wordless(recorded)))
                differences.Add(new ReplayDifference(interval.Number, Write(recorded), Write(replayed)));
        }

        return new ReplayResult(verdicts, differences.ToImmutable());
    }

    // The sentences are made of the figures: a later build may put them better, and decides the same.
    private static Verdict Wordless(Verdict verdict) => verdict with { Reason = "", Caveats = [] };

    private static BakeAssessment Wordless(BakeAssessment bake) => bake with { Regression = bake.Regression is null ? null : "" };

    // Every double is written with all digits that tell it from its neighbours: the same text is the same bits.
    private static string Write<T>(T verdict) => JsonSerializer.Serialize(verdict, ApiJson.Options);
}
