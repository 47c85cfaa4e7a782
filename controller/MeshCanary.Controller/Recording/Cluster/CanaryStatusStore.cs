using System.Collections.Frozen;
using System.Collections.Immutable;
using k8s.Models;
using MeshCanary.Analysis.Calibration;
using MeshCanary.Controller.Crds;
using MeshCanary.Controller.Crds.Statuses;
using MeshCanary.Controller.Reconciling;
using MeshCanary.Machinery.Calling;
using MeshCanary.Machinery.Events;
using MeshCanary.Machinery.Resources;
using MeshCanary.Rollouts.Deciding;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Controller.Recording.Cluster;

/// <summary>
/// Keeps one Canary in the status of its object, so that any replica can go on with it; and beside that in the file of this
/// replica, for people to look at. The object's version makes every write compare and swap: two leaders never both succeed.
/// Used by one reconcile at a time; <see cref="Blame"/> may be called from any thread.
/// </summary>
internal sealed partial class CanaryStatusStore(StatusTools tools, CanaryObject found, EngineState? engine) : ICanaryStore, ICalibrationStore
{
    private const int Attempts = 5;

    private static readonly FrozenSet<string> Warnings = FrozenSet.Create(
        EventKinds.Failed, EventKinds.CircuitOpened, EventKinds.ExposureSpent, EventKinds.DeadlineMissed, EventKinds.CapacityLost, EventKinds.RolledBack, EventKinds.Held);

    private static readonly TimeSpan LongestUnkept = TimeSpan.FromMinutes(10);

    private readonly ObjectKey _key = ObjectKey.Of(found);
    private readonly V1ObjectReference _reference = ObjectEvent.To(found);
    private readonly string _uid = found.Metadata.Uid;
    private string _version = found.Metadata.ResourceVersion;
    private CanaryStatus? _status = found.Status;
    private long _commit = engine?.Commit ?? 0;
    private long _tried = engine?.Commit ?? 0;
    private string _writer = engine?.Writer ?? "";
    private CalibrationState? _calibration = engine?.Calibration;
    private DateTimeOffset _calibrationKept = tools.Time.GetUtcNow();
    private bool _isCalibrationNew;
    private CanaryRecord? _last;
    private Sight? _seen;
    private ImmutableDictionary<string, ConditionFault> _faults = ImmutableDictionary<string, ConditionFault>.Empty;

    /// <summary>The generation of the spec that is in force; set before the record of it is committed.</summary>
    public long? Generation { get; set; } = found.Metadata.Generation;

    /// <summary>What is wrong with the Canary beside its rollout; told with the next write. Null takes it back.</summary>
    /// <returns>Whether that is news.</returns>
    public bool Blame(string condition, ConditionFault? fault) => ImmutableInterlocked.Update(
        ref _faults, (known, news) => news.Fault is null ? known.Remove(news.Condition) : known.SetItem(news.Condition, news.Fault), (Condition: condition, Fault: fault));

    /// <inheritdoc/>
    public async Task CommitAsync(CanaryCommit commit, CancellationToken cancellationToken)
    {
        _seen = commit.Seen ?? _seen;
        await WriteAsync(commit.Record, cancellationToken).ConfigureAwait(false);
        _last = commit.Record;
        foreach (var told in commit.Events)
            tools.Events?.Record(new ObjectEvent(_reference, Warnings.Contains(told.Kind), told.Kind, "Reconcile", told.Message));
        try
        {
            tools.History.Commit(commit);
        }
        catch (StoreUnavailableException failure)
        {
            LogNoHistory(tools.Logger, _key, failure.Message);
        }
    }

    /// <summary>Writes the status again with what has been blamed since, if a record was committed before.</summary>
    public Task TellAsync(CancellationToken cancellationToken) => _last is { } record ? WriteAsync(record, cancellationToken) : Task.CompletedTask;

    /// <inheritdoc/>
    public CalibrationState? Find(string key) => _calibration;

    /// <inheritdoc/>
    /// <remarks>It goes with the next write of the status: a write for its own sake would cost every idle Canary one a minute.</remarks>
    public void Keep(string key, CalibrationState state) => (_calibration, _isCalibrationNew) = (state, true);

    /// <summary>Whether so much was learned since the last write that it should not wait for another.</summary>
    public bool IsCalibrationDue => _isCalibrationNew && tools.Time.GetUtcNow() - _calibrationKept >= LongestUnkept;

    private async Task WriteAsync(CanaryRecord record, CancellationToken cancellationToken)
    {
        var now = tools.Time.GetUtcNow();
        var state = EngineState.Of(record, _calibration, tools.Writer, ++_tried);
        var status = StatusText.Of(record, _seen, _faults, _status, Generation, EngineText.Write(state), now);
        try
        {
            for (var attempt = 1; !await TryWriteAsync(status, state, cancellationToken).ConfigureAwait(false); attempt++)
            {
                if (attempt == Attempts)
                    throw new StaleObjectException($"{_key} changes so often that its status cannot be written.");
            }
        }
        catch (ApiException failure)
        {
            throw new StoreUnavailableException($"The status of {_key} cannot be written: {failure.Message}", failure);
        }

        (_status, _commit, _writer, _calibrationKept, _isCalibrationNew) = (status, state.Commit, tools.Writer, now, false);
    }

    // False: the object has another version than was known, and what is there is still ours.
    private async Task<bool> TryWriteAsync(CanaryStatus status, EngineState state, CancellationToken cancellationToken)
    {
        try
        {
            Take(await tools.Objects.WriteStatusAsync(_key, _version, status, cancellationToken).ConfigureAwait(false));
            return true;
        }
        catch (ApiException failure) when (failure.Kind is ApiErrorKind.Conflict or ApiErrorKind.Invalid or ApiErrorKind.NotFound)
        {
            var present = await tools.Objects.ReadAsync(_key, cancellationToken).ConfigureAwait(false);
            if (present is null || present.Metadata.Uid != _uid)
                throw new StaleObjectException($"{_key} is gone.");
            if (present.Metadata.ResourceVersion == _version)
                throw;
            Take(present);
            var kept = present.Status?.Engine is { Length: > 0 } text ? EngineText.Read(text) : null;
            // A try of ours may have succeeded without an answer: this one, or one before it.
            if (kept?.Writer == tools.Writer && kept.Commit > _commit && kept.Commit <= state.Commit)
                return kept.Commit == state.Commit;
            if ((kept?.Commit ?? 0) != _commit || (kept?.Writer ?? "") != _writer)
                throw new StaleObjectException($"Another controller ({kept?.Writer}) has written the status of {_key}.");
            return false;
        }
    }

    private void Take(CanaryObject present) => _version = present.Metadata.ResourceVersion;

    [LoggerMessage(Level = LogLevel.Warning, Message = "What was decided on {Canary} is in its status, but not in the history of this replica: {Reason}")]
    private static partial void LogNoHistory(ILogger logger, ObjectKey canary, string reason);
}
