using MeshCanary.Machinery.Calling;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Machinery.Leading;

public sealed partial class LeaderElection
{
    private static readonly TimeSpan ClockStep = TimeSpan.FromMicroseconds(1);

    /// <summary>Takes or renews the lease, if it may be taken. False as well when the server is away.</summary>
    private async Task<bool> TryAsync(CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(_options.RenewDeadline / 3, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            // Renewing needs no look first: the version that we wrote last is the lock.
            if (!IsLeading)
                Observe(await _store.ReadAsync(either.Token));
            if (_record is { Holder.Length: > 0 } other && other.Holder != Identity && !IsExpired(other))
                return false;

            var start = _time.GetTimestamp();
            Observe(await _store.WriteAsync(Claim(), either.Token));
            Volatile.Write(ref _leadUntil, start + (long)(_options.RenewDeadline.TotalSeconds * _time.TimestampFrequency));
            return true;
        }
        catch (ApiException error) when (error.Kind is ApiErrorKind.Conflict or ApiErrorKind.AlreadyExists or ApiErrorKind.NotFound)
        {
            // Another was first, or it was we, and the answer got lost, or somebody edited or deleted the lease. Look.
            await LookAsync(either.Token);
            return false;
        }
#pragma warning disable CA1031 // Whatever a call meets: the lease holds until its deadline, and the next try may go well.
        catch (Exception error) when (!cancellation.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Faulted(error);
            return false;
        }
    }

    private async Task LookAsync(CancellationToken cancellation)
    {
        try
        {
            Observe(await _store.ReadAsync(cancellation));
        }
#pragma warning disable CA1031 // As above.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Faulted(error);
        }
    }

    private LeaseRecord Claim()
    {
        var now = _time.GetUtcNow();
        if (_record is not { } record)
            return new LeaseRecord(Identity, _options.Address, _options.LeaseDuration, now, now, 0, null);
        // Always another time than the last one, or a clock that stands would make a write that changes nothing and that nobody sees.
        var renewed = now > record.Renewed || record.Holder != Identity ? now : record.Renewed + ClockStep;
        return record.Holder == Identity
            ? record with { Address = _options.Address, Duration = _options.LeaseDuration, Renewed = renewed }
            : new LeaseRecord(Identity, _options.Address, _options.LeaseDuration, now, now, record.Transitions + 1, record.Version);
    }

    // Of the two durations the longer: a holder with other settings than ours relies on its own.
    private bool IsExpired(LeaseRecord other) =>
        _time.GetElapsedTime(_recordSeen) >= (other.Duration > _options.LeaseDuration ? other.Duration : _options.LeaseDuration);

    private void Observe(LeaseRecord? record)
    {
        // A lease that somebody deleted may be acted upon for as long as one that is not renewed.
        if (record is null && _record is { Holder.Length: > 0 } gone && gone.Holder != Identity && !IsExpired(gone))
            return;
        if (record?.Version == _record?.Version)
            return;
        var holder = _record?.Holder ?? "";
        _record = record;
        _recordSeen = _time.GetTimestamp();
        var sight = record is { Holder.Length: > 0 } ? new LeaderSight(record.Holder, record.Address, record.Transitions, record.Holder == Identity) : null;
        if (sight is not null && sight.Identity != holder)
            _metrics.Transitions.WithLabels(_lease).Inc();
        if (sight == Leader)
            return;
        Leader = sight;
        try
        {
            _options.Changed?.Invoke(sight);
        }
#pragma warning disable CA1031 // Who listens may not cost the lease.
        catch (Exception error)
#pragma warning restore CA1031
        {
            LogListenerThrew(error, _lease);
        }
    }

    // Empty, and short for those that go by the duration alone. Guarded by the version, as every write.
    private async Task ReleaseAsync()
    {
        if (_record is not { } record || record.Holder != Identity)
            return;
        using var limit = new CancellationTokenSource(_options.RenewDeadline / 3, _time);
        try
        {
            var released = record with { Holder = "", Address = "", Duration = TimeSpan.FromSeconds(1), Renewed = _time.GetUtcNow() };
            Observe(await _store.WriteAsync(released, limit.Token));
        }
#pragma warning disable CA1031 // Then it expires.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Faulted(error);
        }
    }

    private void Faulted(Exception error)
    {
        _metrics.Faults.WithLabels(_lease).Inc();
        LogFault(_lease, error.Message);
    }

    [LoggerMessage(30, LogLevel.Information, "{Lease}: {Identity} leads, after {Transitions} changes.")]
    private partial void LogElected(string lease, string identity, int transitions);

    [LoggerMessage(31, LogLevel.Information, "{Lease}: {Identity} leads no longer.")]
    private partial void LogEnded(string lease, string identity);

    [LoggerMessage(32, LogLevel.Warning, "{Lease}: {Holder} has the lease now.")]
    private partial void LogLost(string lease, string holder);

    [LoggerMessage(33, LogLevel.Error, "{Lease}: the leader's work threw; the lease is given back.")]
    private partial void LogWorkThrew(Exception error, string lease);

    [LoggerMessage(34, LogLevel.Warning, "{Lease}: a call failed. {Error}")]
    private partial void LogFault(string lease, string error);

    [LoggerMessage(35, LogLevel.Error, "{Lease}: who listens to changes of the leader threw.")]
    private partial void LogListenerThrew(Exception error, string lease);
}
