using System.Globalization;
using MeshCanary.Machinery.Calling;
using MeshCanary.Machinery.Leading;

namespace MeshCanary.Machinery.Tests.Leading;

/// <summary>A lease in memory with versions, behind a network that is slow, loses calls, and loses answers.</summary>
internal sealed class MemoryLease(TimeProvider time, int seed, double loss, TimeSpan latency)
{
    private readonly Lock _gate = new();
    private readonly Random _random = new(seed);
    private LeaseRecord? _record;
    private int _version;

    public LeaseRecord? Record
    {
        get
        {
            lock (_gate)
                return _record;
        }
    }

    /// <summary>Nothing gets through.</summary>
    public bool IsAway { get; set; }

    public void Delete()
    {
        lock (_gate)
            _record = null;
    }

    /// <summary>One process's way to it.</summary>
    public ILeaseStore Connect(Func<bool>? cutOff = null) => new Way(this, cutOff ?? (() => false));

    private TimeProvider Time => time;

    private double Loss => loss;

    private TimeSpan Latency => latency;

    private double Chance()
    {
        lock (_gate)
            return _random.NextDouble();
    }

    private sealed class Way(MemoryLease lease, Func<bool> cutOff) : ILeaseStore
    {
        public Task<LeaseRecord?> ReadAsync(CancellationToken cancellation) => CallAsync(() => lease._record, cancellation);

        public Task<LeaseRecord> WriteAsync(LeaseRecord record, CancellationToken cancellation) => CallAsync(
            () =>
            {
                if (record.Version is null ? lease._record is not null : lease._record?.Version != record.Version)
                    throw new ApiException(ApiErrorKind.Conflict, "patch lease", "somebody was first");
                // As a server: what changes nothing makes no version.
                var same = lease._record is not null && record == lease._record;
                return lease._record = same ? lease._record! : record with { Version = (++lease._version).ToString(CultureInfo.InvariantCulture) };
            },
            cancellation);

        private async Task<T> CallAsync<T>(Func<T> call, CancellationToken cancellation)
        {
            await Task.Delay(lease.Latency * lease.Chance(), lease.Time, cancellation);
            if (lease.IsAway || cutOff() || lease.Chance() < lease.Loss)
                throw new ApiException(ApiErrorKind.ServerAway, "lease", "the call got lost");
            T answer;
            lock (lease._gate)
                answer = call();
            await Task.Delay(lease.Latency * lease.Chance(), lease.Time, cancellation);
            if (cutOff() || lease.Chance() < lease.Loss)
                throw new ApiException(ApiErrorKind.ServerAway, "lease", "the answer got lost");
            return answer;
        }
    }
}
