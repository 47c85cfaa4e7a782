using System.Collections.Immutable;
using System.Globalization;
using MeshCanary.Controller.Calibrating;
using MeshCanary.Controller.Exposing;
using MeshCanary.Controller.Metrics;
using MeshCanary.Controller.Metrics.Templates;
using MeshCanary.Controller.Recording;
using MeshCanary.Controller.Traffic;
using MeshCanary.Controller.Workloads;
using MeshCanary.Rollouts.Deciding;
using MeshCanary.Rollouts.Revisions;
using MeshCanary.Rollouts.States;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Controller.Reconciling;

/// <summary>
/// One reconcile of one Canary: look, fold the finished intervals, decide, store, act. Nothing is done that is not
/// stored, and everything that is done can be done again.
/// </summary>
internal sealed partial class Reconciler(
    CanaryPorts ports, ICanaryStore store, CanaryPublisher publisher, ReconcileMetrics metrics, TimeProvider time, ILogger logger)
{
    private static readonly ImmutableHashSet<string> WordsOfPeople =
    [
        EventKinds.Paused, EventKinds.Resumed, EventKinds.Approved, EventKinds.Rejected, EventKinds.Aborted, EventKinds.Retried,
        EventKinds.StepSkipped, EventKinds.Restarted, EventKinds.PromotionRequested, EventKinds.ActionRefused,
    ];

    /// <summary>Makes sure that nothing is missed from now on, and shows what is stored: call it before proxies connect.</summary>
    public void Prepare(CanaryState state)
    {
        Watch(state, state.Record);
        ports.Router.Apply(RouteOrder.For(state.Record, ports.Workload.Read(state.Record.Key)));
        var now = time.GetUtcNow();
        publisher.Publish(state, Look(state.Record, now), [], told: false, now);
    }

    /// <summary>Reconciles. The state is the stored one whenever this throws.</summary>
    public async Task<ReconcileOutcome> ReconcileAsync(CanaryState state, CanaryRequest? request, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await GrantAsync(state, now, cancellationToken).ConfigureAwait(false);
        var before = state.Record;
        if (request is not null && AnswerOf(before, request) is { Outcome: not RequestOutcome.Accepted } answer)
        {
            request.Answer(answer);
            request = null;
        }

        var announced = request is AnnounceRequest announce ? before with { Announced = announce.Revision } : before;
        var afresh = RunFolding.Wants(before.Status) && before.Analysis is { } analysis ? RunFolding.Afresh(analysis) : null;
        if (afresh is not null)
            announced = announced with { Analysis = afresh };
        Watch(state, announced);
        var seen = Look(before, now);
        (announced, var asked) = Ask(announced, seen.Workload);
        // Endpoints come and go by what is stored already: requests must not be sent to pods that are gone while the new status is on its way.
        Route(before, seen.Workload);
        announced = announced with { Announced = seen.Workload.Target ?? announced.Announced };
        state.Calibration.Learn(before.Status, seen.Reading.Windows);
        var (folded, intervals) = (announced, ImmutableArray<RunInterval>.Empty);
        try
        {
            (folded, intervals) = Fold(announced, seen.Reading, asked.Ready);
            state.AnalysisProblem = null;
        }
#pragma warning disable CA1031 // Whatever the analysis stumbles over: people and deadlines must still be able to end the run.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            seen = WithoutAnalysis(state, seen, failure);
        }

        var exposure = Exposure.Look(before, seen.Reading.Standings, seen.Connected);
        var decision = Decider.Decide(before.Manifest.Spec, before.Status, Observe(folded, seen, exposure, request), now);
        var after = Begin(folded with { Status = decision.Status }, seen.Reading, state.Calibration, now);
        after = CookieKeys.Renew(after with { Exposure = exposure.After(after) }, now);
        var events = EventsOf(decision, request, now);
        if (seen.Workload.Target is { } target && target != before.Announced)
            events = events.Insert(0, Wanted(target, now));
        if (afresh is not null)
            events = events.Insert(0, Restarted(afresh, now));
        if (state.Calibration.Fault is { } fault)
            events = events.Insert(0, Recalibrated(fault, now));
        if (after != before || events.Length > 0)
        {
            var commit = new CanaryCommit
            {
                Record = after,
                Events = events,
                Seen = seen,
                EndedRuns = decision.EndedRuns,
                Intervals = intervals,
                IntervalsOf = folded.Analysis?.RunId,
            };
            await store.CommitAsync(commit, cancellationToken).ConfigureAwait(false);
            state.Record = after;
            state.Calibration.Told();
        }

        state.Last = seen.Reading.Windows.LastOrDefault() ?? state.Last;
        try
        {
            Act(after, seen);
            publisher.Publish(state, seen, decision.EndedRuns, events.Length > 0, now);
        }
        finally
        {
            // It is stored: what did not come off now is done again.
            request?.Answer(RequestAnswer.Accepted);
        }

        if (after.Analysis?.RunId != before.Analysis?.RunId)
            state.Calibration.Save(now);
        else
            state.Calibration.SaveIfDue(now);
        return new ReconcileOutcome(Earlier(Earlier(decision.WakeAt, seen.Reading.AskAgainAt), Earlier(asked.AskAgainAt, CookieKeys.NextLook(after))), after.Status != before.Status);
    }

    // What is written has changed, or the Canary is to be removed: that is in force before anything else is decided.
    private async Task GrantAsync(CanaryState state, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (state.Wish is not { } wish)
            return;
        var commit = wish.Manifest is { } manifest ? Adoption.Take(manifest, state.Record, now) : Adoption.Remove(state.Record, now);
        if (commit.Record != state.Record)
        {
            await store.CommitAsync(commit, cancellationToken).ConfigureAwait(false);
            state.Record = commit.Record;
        }

        state.Grant(wish);
    }

    /// <summary>Brings the endpoints that are there now to the proxies, by what is stored.</summary>
    public void Follow(CanaryState state) => Route(state.Record, ports.Workload.Read(state.Record.Key));

    /// <summary>Tells why the last reconcile failed.</summary>
    public void Fail(string problem) => publisher.Fail(problem);

    // The windows are not settled, so nothing is lost: they are there again when the analysis works.
    private Sight WithoutAnalysis(CanaryState state, Sight seen, Exception failure)
    {
        metrics.AnalysisFailures.Inc();
        var problem = $"they cannot be analysed: {failure.Message.Split(" (Parameter '")[0].TrimEnd('.')}";
        if (state.AnalysisProblem != problem)
            LogNoAnalysis(state.Record.Key, failure);
        state.AnalysisProblem = problem;
        return seen with { Reading = seen.Reading with { Windows = [], Problem = problem } };
    }

    private static RequestAnswer AnswerOf(CanaryRecord record, CanaryRequest request) => request switch
    {
        AnnounceRequest announce => AnnounceRules.Judge(record, announce.Revision),
        ActRequest act => ActionRules.Refusal(record.Manifest.Spec, record.Status, act.Kind, act.Step) is { } reason ? new RequestAnswer(RequestOutcome.Refused, reason) : RequestAnswer.Accepted,
        _ => throw new ArgumentOutOfRangeException(nameof(request), request, "Unknown request."),
    };

    private void Watch(CanaryState state, CanaryRecord record)
    {
        var status = record.Status;
        var run = status.Phase is Phase.Stable or Phase.Releasing ? null : status.Run?.Canary;
        ImmutableArray<Revision> wanted =
            [.. new[] { status.Stable, run, status.Previous, record.Announced }.OfType<Revision>().Distinct()];
        if (wanted.SequenceEqual(state.Watched))
            return;
        ports.Workload.Watch(record.Key, LookingAt.Of(record.Manifest.Spec), wanted);
        state.Watched = wanted;
    }

    private Sight Look(CanaryRecord record, DateTimeOffset now) => new(
        ports.Metrics.Query(record.Key, PlanOf(record, now) with { Canary = CountedCanary.Of(record, ports.Workload.Read(record.Key)) }),
        ports.Router.Observe(record.Key),
        ports.Workload.Read(record.Key));

    private static CollectionPlan PlanOf(CanaryRecord record, DateTimeOffset now) =>
        RunFolding.Wants(record.Status) && record.Analysis is { } analysis
            ? analysis.Collect(record.Folded)
            : new CollectionPlan
            {
                Id = string.Create(CultureInfo.InvariantCulture, $"between runs, {record.Manifest.Spec.Analysis.Interval}"),
                Anchor = DateTimeOffset.UnixEpoch,
                Interval = record.Manifest.Spec.Analysis.Interval,
                CountedThrough = now,
                Held = false,
            };

    // A run's queries are those that it found first: a template that is changed later is for the next run.
    private (CanaryRecord Record, AskOutcome Asked) Ask(CanaryRecord record, WorkloadSight workload)
    {
        if (ports.Custom is not { } custom)
            return (record, AskOutcome.None);
        if (!RunFolding.Asks(record.Status) || record.Analysis is not { Metrics.IsEmpty: false } analysis)
        {
            custom.Asker.Forget(record.Key);
            return (record, AskOutcome.None);
        }

        var metrics = RunMetric.Resolve(analysis.Metrics, record.Manifest.Namespace, custom.Templates);
        if (!metrics.SequenceEqual(analysis.Metrics))
            record = record with { Analysis = analysis = analysis with { Metrics = metrics } };
        return (record, custom.Asker.Ask(AskOrder.Of(record, analysis, workload)));
    }

    private static (CanaryRecord Record, ImmutableArray<RunInterval> Intervals) Fold(CanaryRecord record, MetricReading reading, ImmutableArray<AskedSpan> asked)
    {
        if (!RunFolding.Wants(record.Status) || record.Analysis is null || reading.Windows.IsEmpty)
            return (record, []);
        var (analysis, intervals) = RunFolding.Fold(record.Analysis.At(reading.LatencyBoundaries), record.Status, reading.Windows, asked);
        var folded = reading.Windows.SelectMany(window => window.Sequences)
            .Aggregate(record.Folded, (known, pair) => known.SetItem(pair.Key, Math.Max(pair.Value, known.GetValueOrDefault(pair.Key))));
        return (record with { Analysis = analysis, Folded = folded }, intervals);
    }

    private static Observation Observe(CanaryRecord record, Sight seen, Exposure exposure, CanaryRequest? request)
    {
        var analysis = RunFolding.Wants(record.Status) ? record.Analysis : null;
        return new Observation
        {
            Target = record.Announced,
            Traffic = seen.Traffic,
            ReadyEndpoints = seen.Ready,
            Workload = seen.Workload.Observation,
            Verdict = analysis?.Verdict,
            MetricsProblem = seen.Reading.Problem,
            StepCanaryRequests = analysis?.StepAcknowledgedAt == record.Status.Run?.StepAcknowledgedAt ? analysis?.StepCanaryRequests ?? 0 : 0,
            BakeRegression = record.Status.Phase == Phase.Baking ? analysis?.Bake?.Regression : null,
            Alarm = exposure.Alarm,
            SpentBudget = exposure.Spent,
            Actions = request is ActRequest act ? [new RequestedAction(act.Kind, act.Origin, act.Reason) { Step = act.Step }] : [],
        };
    }

    // What was received before a run began is not the run's, whenever it comes again.
    private static CanaryRecord Begin(CanaryRecord record, MetricReading reading, ServiceCalibration calibration, DateTimeOffset now) =>
        record.Status.Run is { } run && run.Id != record.Analysis?.RunId
            ? record with { Analysis = RunAnalysis.Begin(run, record.Manifest.Spec, calibration.ProfileAt(now)), Folded = reading.Received }
            : record;

    private static ImmutableArray<EventEntry> EventsOf(Decision decision, CanaryRequest? request, DateTimeOffset now)
    {
        var events = decision.Events
            .Select(told => new EventEntry(
                now, told.Kind, told.Message, told.RunId, request is not null && WordsOfPeople.Contains(told.Kind) ? request.Origin : EventEntry.Controller))
            .ToImmutableArray();
        return request is AnnounceRequest { Revision: var revision }
            ? events.Insert(0, new EventEntry(
                now, "RevisionAnnounced", $"Revision {revision.Name} is announced: {string.Join(", ", revision.Addresses)}.", null, request.Origin))
            : events;
    }

    private static EventEntry Wanted(Revision target, DateTimeOffset now) =>
        new(now, "RevisionWanted", $"Revision {target.Name} is what the workload should run.", null, EventEntry.Controller);

    private static EventEntry Restarted(RunAnalysis analysis, DateTimeOffset now) => new(
        now,
        "AnalysisRestarted",
        $"The evidence of run {analysis.RunId} was gathered by another version of MeshCanary, which this one cannot go on from: its analysis begins afresh, and what was counted so far no longer speaks for or against the version.",
        analysis.RunId,
        EventEntry.Controller);

    private static EventEntry Recalibrated(string fault, DateTimeOffset now) => new(
        now,
        "CalibrationRestarted",
        $"What was known of the service's own noise cannot be used: {fault}. The calibration begins afresh; until stable was compared with itself for an hour, runs take their noise to be large.",
        null,
        EventEntry.Controller);

    private void Act(CanaryRecord record, Sight seen)
    {
        if (seen.Reading.Windows is [.., var last])
            ports.Metrics.Settle(record.Key, last.End);
        if (record.Status.Released)
            ports.Router.Release(record.Key);
        else
            Route(record, seen.Workload);
        ports.Workload.Apply(record.Key, WorkloadPlan.For(record.Status));
    }

    private void Route(CanaryRecord record, WorkloadSight workload)
    {
        if (!record.Status.Released)
            ports.Router.Apply(RouteOrder.For(record, workload));
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The counts of Canary {Canary} cannot be analysed; its run gets no evidence, and ends by its deadlines or by a person.")]
    private partial void LogNoAnalysis(string canary, Exception failure);

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) =>
        one is null || other < one ? other ?? one : one;
}
