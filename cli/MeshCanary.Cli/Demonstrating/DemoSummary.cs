using MeshCanary.Cli.Rendering;
using MeshCanary.Rollouts.States;

namespace MeshCanary.Cli.Demonstrating;

/// <summary>The end of a demo in words, and whether it is the end that was promised.</summary>
internal sealed class DemoSummary
{
    private const string New = DemoManifest.NewVersion;
    private const string Old = DemoManifest.OldVersion;

    private readonly DemoScenario _scenario;
    private readonly DemoStory _story;
    private readonly LoadTotals _load;

    public DemoSummary(DemoScenario scenario, DemoStory story, LoadTotals load) => (_scenario, _story, _load) = (scenario, story, load);

    /// <summary>Whether the version fared as it should and no request was lost.</summary>
    public bool IsAsPromised => IsExpectedOutcome && _load.Lost == 0;

    private bool IsExpectedOutcome => _story.Last?.Run?.Outcome == (_scenario.IsGood ? RunOutcome.Promoted : RunOutcome.RolledBack)
        && _story.Last.Stable.Name == (_scenario.IsGood ? New : Old);

    /// <summary>The lines, each a label and a text.</summary>
    public IEnumerable<(string Label, string Text)> Lines()
    {
        yield return ("Decided", Decision());
        if (_story.Last?.Run?.Reason is { Length: > 0 } reason)
            yield return ("Why", reason);
        if (_story is { FirstTraffic: { } first, DecidedAt: { } decided })
            yield return ("Took", $"{Figures.Duration(decided - first)} from the first canary traffic to the decision");
        if (_story.Verdict is { } verdict)
            yield return ("On", $"{Figures.Count(verdict.CanaryRequests)} requests of {New} against {Figures.Count(verdict.StableRequests)} of {Old}, in {Figures.Many(verdict.Intervals, "interval")}; score {verdict.Score:0} of 100");
        yield return ("Users", Exposure());
        yield return ("Lost", _load.Lost == 0
            ? $"0 of {Figures.Count(_load.Requests)} requests"
            : $"{Figures.Count(_load.Lost)} of {Figures.Count(_load.Requests)} requests ({string.Join("; ", _load.LostBy.Select(kind => $"{kind.Value}× {kind.Key}"))})");
        yield return ("Result", Result());
    }

    private string Decision() => _story.Last switch
    {
        { Run.Outcome: { } outcome, Stable: var stable } => $"{New} was {Wording.Of(outcome)}; all traffic is on {stable.Name}",
        { } canary => $"nothing yet: the rollout stands at {Wording.PhaseAndStep(canary)}",
        null => "nothing: the controller never answered",
    };

    private string Exposure()
    {
        var (answers, failures) = (Of(_load.Answers, New), Of(_load.Failures, New));
        var share = Figures.Percent(answers, _load.Requests);
        var likely = answers * Rate(Old);
        return $"{New} answered {Figures.Count(answers)} requests ({share} of all), {Figures.Count(failures)} of them badly; {Old} would have failed about {likely:0} of those";
    }

    private string Result()
    {
        if (IsAsPromised)
            return "as promised";
        if (!IsExpectedOutcome)
            return $"NOT as promised: {New} should have been {(_scenario.IsGood ? "promoted" : "rolled back")}";
        return "NOT as promised: requests were lost";
    }

    private double Rate(string version) => Of(_load.Answers, version) is > 0 and var answers ? (double)Of(_load.Failures, version) / answers : 0;

    private static long Of(IReadOnlyDictionary<string, long> counts, string version) => counts.GetValueOrDefault(version);
}
