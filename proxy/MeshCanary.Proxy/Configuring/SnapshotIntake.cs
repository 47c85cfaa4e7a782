using System.Threading.Channels;
using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Guarding;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Proxy.Configuring;

/// <summary>Takes snapshots as they arrive and applies the latest; one that waits is replaced by a newer one.</summary>
internal sealed partial class SnapshotIntake(SnapshotApplier applier, GuardBook guards, SnapshotFile? file, ILogger<SnapshotIntake> logger)
{
    private readonly Channel<(Snapshot Snapshot, IAnswerSink Sink)> _waiting =
        Channel.CreateBounded<(Snapshot, IAnswerSink)>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });

    private long _refused;

    public long Refused => Volatile.Read(ref _refused);

    public void Offer(Snapshot snapshot, IAnswerSink sink) => _waiting.Writer.TryWrite((snapshot, sink));

    /// <summary>Raises a part of an exposure budget.</summary>
    public void Allow(Allowance allowance) => guards.Allow(allowance);

    /// <summary>Applies what the file holds, so that a start needs no controller.</summary>
    public void Restore()
    {
        if (file?.Read() is not { } snapshot)
            return;
        var outcome = applier.Apply(snapshot);
        if (outcome.Accepted)
            LogRestored(outcome.Version, snapshot.Routes.Count);
        else
            file.SetAside(string.Join(" ", outcome.Faults));
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await foreach (var (snapshot, sink) in _waiting.Reader.ReadAllAsync(cancellationToken))
        {
            var outcome = TryApply(snapshot);
            sink.Answer(Answer(outcome));
            // After the answer: the controller waits for the switch, not for the disk.
            if (outcome.Changed)
                file?.Write(snapshot);
        }
    }

    private ApplyOutcome TryApply(Snapshot snapshot)
    {
        try
        {
            var outcome = applier.Apply(snapshot);
            if (!outcome.Accepted)
            {
                Interlocked.Increment(ref _refused);
                LogRefused(outcome.Version, string.Join(" ", outcome.Faults));
            }
            else if (outcome.Changed)
            {
                LogApplied(outcome.Version, snapshot.Routes.Count);
            }

            return outcome;
        }
        catch (Exception unexpected)
        {
            // The loop must outlive a fault of ours: the next snapshot may be one that works.
            Interlocked.Increment(ref _refused);
            LogFailed(snapshot.Version, unexpected);
            return new ApplyOutcome(snapshot.Version, [$"the proxy failed to apply it: {unexpected.Message}"], Changed: false);
        }
    }

    private static ProxyMessage Answer(ApplyOutcome outcome) => outcome.Accepted
        ? new ProxyMessage { Ack = new Ack { Version = outcome.Version } }
        : new ProxyMessage { Nack = new Nack { Version = outcome.Version, Reasons = { outcome.Faults } } };

    [LoggerMessage(Level = LogLevel.Information, Message = "Configuration {Version} with {Routes} routes is in force.")]
    private partial void LogApplied(ulong version, int routes);

    [LoggerMessage(Level = LogLevel.Information, Message = "Configuration {Version} with {Routes} routes is in force, from the snapshot file.")]
    private partial void LogRestored(ulong version, int routes);

    [LoggerMessage(Level = LogLevel.Error, Message = "Configuration {Version} was refused, the one before stays in force: {Faults}")]
    private partial void LogRefused(ulong version, string faults);

    [LoggerMessage(Level = LogLevel.Error, Message = "Configuration {Version} could not be applied, the one before stays in force.")]
    private partial void LogFailed(ulong version, Exception exception);
}
