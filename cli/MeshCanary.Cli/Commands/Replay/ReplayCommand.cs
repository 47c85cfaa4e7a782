using System.CommandLine;
using System.Text.Json;
using MeshCanary.Cli.Hosting;
using MeshCanary.Cli.Rendering;
using MeshCanary.Controller.Api;
using MeshCanary.Controller.Recording;

namespace MeshCanary.Cli.Commands.Replay;

/// <summary><c>replay</c>: judges a record again.</summary>
internal sealed class ReplayCommand : Command, INoted
{
    private const int ShownIntervals = 3;
    private const int ShownFields = 8;

    private readonly Argument<string> _file = new("RECORD") { Description = "File with a verdict record, as 'meshcanary record' writes it." };
    private readonly Terminal _terminal;

    public ReplayCommand(Terminal terminal)
        : base("replay", "Judges a verdict record again, from its counts and settings, and says whether every verdict comes out with the same bits.")
    {
        _terminal = terminal;
        Add(_file);
        SetAction(RunAsync);
    }

    /// <inheritdoc/>
    public string Notes { get; } =
        """
        Exit codes:
          0    every verdict is identical
          1    the file cannot be used
          2    bad usage
          3    at least one verdict differs
        """;

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        var file = parsed.GetRequiredValue(_file);
        var record = Parse(file, await TextFiles.ReadAsync(file, stop));
        var result = Replay(file, record);
        var run = $"{record.Canary}, run {record.Run.Id} ({record.Run.Baseline.Name} → {record.Run.Canary.Name})";
        if (result.Differences.IsEmpty)
        {
            var last = record.Intervals.LastOrDefault(interval => interval.Verdict is not null)?.Verdict;
            _terminal.Out.WriteLine($"{run}: identical. {Figures.Many(result.Verdicts, "verdict")} replayed bit for bit.");
            if (last is not null)
                _terminal.Out.WriteLine($"  last verdict: {Wording.Of(last.Kind)}, score {last.Score:0}: {last.Reason}");
            return ExitCode.Success;
        }

        Tell(run, result, record);
        return ExitCode.RolledBack;
    }

    private void Tell(string run, ReplayResult result, RunRecord record)
    {
        var first = result.Differences[0];
        _terminal.Out.WriteLine($"{run}: differs. {result.Differences.Length} of {Figures.Many(result.Verdicts, "verdict")} came out otherwise, the first after interval {first.Interval}.");
        foreach (var difference in result.Differences.Take(ShownIntervals))
        {
            var start = record.Intervals.First(interval => interval.Number == difference.Interval).Sample.Start;
            _terminal.Out.WriteLine($"  interval {difference.Interval} ({Figures.Moment(start)}):");
            var fields = JsonDifference.Between(difference.Recorded, difference.Replayed).ToList();
            foreach (var field in fields.Take(ShownFields))
                _terminal.Out.WriteLine($"    verdict{field.Path}: recorded {field.Left}, replayed {field.Right}");
            if (fields.Count > ShownFields)
                _terminal.Out.WriteLine($"    and {Figures.Many(fields.Count - ShownFields, "more field")}");
        }

        if (result.Differences.Length > ShownIntervals)
            _terminal.Out.WriteLine($"  and {Figures.Many(result.Differences.Length - ShownIntervals, "more interval")}");
        _terminal.Out.WriteLine("  The record was changed after it was written (its counts, settings or verdicts), or another version wrote it.");
    }

    private static RunRecord Parse(string file, string text)
    {
        try
        {
            return JsonSerializer.Deserialize<RunRecord>(text, ApiJson.Options)
                ?? throw new JsonException("It holds 'null'.");
        }
        catch (Exception failure) when (failure is JsonException or ArgumentException or NotSupportedException)
        {
            var where = failure is JsonException { LineNumber: { } line } ? $"{file}:{line + 1}" : file;
            throw new CommandFailure($"{where}: this is not a verdict record: {failure.Message}", "download one with 'meshcanary record NAME --output FILE'.", cause: failure);
        }
    }

    private static ReplayResult Replay(string file, RunRecord record)
    {
        try
        {
            return RunReplayer.Replay(record);
        }
        catch (Exception failure) when (failure is InvalidDataException or ArgumentException or NullReferenceException)
        {
            throw new CommandFailure($"{file}: the record cannot be replayed: {failure.Message}", "download it again with 'meshcanary record NAME --output FILE'.", cause: failure);
        }
    }
}
