using MeshCanary.Controller.Api;
using MeshCanary.Rollouts.States;

namespace MeshCanary.Cli.Rendering;

/// <summary>Canaries as a list, one line each, in columns that <c>awk</c> can read.</summary>
internal static class CanaryList
{
    private static readonly string[] Headings = ["NAMESPACE", "NAME", "PHASE", "STABLE", "CANARY", "WEIGHT", "SCORE", "VERDICT"];
    private static readonly string[] WideHeadings = [.. Headings, "ACKNOWLEDGED", "MEASURED", "PROXIES", "SINCE", "WAITING FOR"];

    /// <summary>The lines, the heading first.</summary>
    public static IEnumerable<string> Lines(IReadOnlyList<CanaryView> canaries, bool isWide)
    {
        string[][] rows = [isWide ? WideHeadings : Headings, .. canaries.Select(canary => Cells(canary, isWide))];
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        return rows.Select(row => string.Join("   ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }

    private static string[] Cells(CanaryView canary, bool isWide)
    {
        var run = canary.Run is { } last && (last.Outcome is null || canary.Phase is Phase.RollingBack or Phase.Failed) ? last : null;
        string[] cells =
        [
            canary.Namespace,
            canary.Name,
            Wording.PhaseAndStep(canary).Replace(' ', '-'),
            canary.Stable.Name,
            run?.Canary.Name ?? Figures.None,
            Figures.Share(canary.Weight.Desired),
            canary.Verdict is { } verdict ? $"{verdict.Score:0}" : Figures.None,
            canary.Verdict is { } judged ? Wording.Of(judged.Kind).Replace(' ', '-') : Figures.None,
        ];
        return isWide
            ? [
                .. cells,
                Figures.Share(canary.Weight.Acknowledged),
                Figures.Share(canary.Weight.Measured),
                $"{canary.Proxies.Count(proxy => proxy.Connected)}",
                Figures.Moment(canary.PhaseSince).Replace(' ', 'T'),
                canary.WaitingFor?.What ?? Figures.None,
            ]
            : cells;
    }
}
