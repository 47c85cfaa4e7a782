using System.Collections.Immutable;
using MeshCanary.Rollouts.Deciding;
using MeshCanary.Rollouts.Revisions;

namespace MeshCanary.Controller.Workloads;

/// <summary>Versions that are given as addresses: the endpoints run already, all there is to do is to look at them.</summary>
internal sealed class StaticWorkload(EndpointProbe probe, Action<string> changed, TimeProvider time) : IWorkload, IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Watched> _canaries = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public string Name => "Static";

    /// <inheritdoc/>
    public void Watch(string key, LookingAt how, IReadOnlyCollection<Revision> revisions)
    {
        lock (_gate)
        {
            var before = _canaries.GetValueOrDefault(key);
            var wanted = revisions.SelectMany(revision => revision.Addresses).ToHashSet(StringComparer.Ordinal);
            var endpoints = ImmutableDictionary.CreateBuilder<string, EndpointWatch>(StringComparer.Ordinal);
            foreach (var address in wanted)
            {
                endpoints[address] = before?.How == how && before.Endpoints.TryGetValue(address, out var known)
                    ? known
                    : new EndpointWatch(token => probe.ProbeAsync(address, how, token), () => changed(key), how.Check?.Interval ?? EndpointWatch.Period, time);
            }

            _canaries[key] = new Watched(how, [.. revisions.DistinctBy(revision => revision.Name)], endpoints.ToImmutable());
            foreach (var gone in before?.Endpoints.Values.Except(endpoints.Values) ?? [])
                _ = gone.DisposeAsync().AsTask();
        }
    }

    /// <inheritdoc/>
    public void Apply(string key, WorkloadPlan plan)
    {
    }

    /// <inheritdoc/>
    public WorkloadSight Read(string key)
    {
        Watched? watched;
        lock (_gate)
            watched = _canaries.GetValueOrDefault(key);
        if (watched is null)
            return new WorkloadSight { Ready = ImmutableDictionary<string, int>.Empty };
        var ready = ImmutableDictionary.CreateBuilder<string, int>(StringComparer.Ordinal);
        foreach (var revision in watched.Revisions)
        {
            var answers = revision.Addresses.Select(address => watched.Endpoints[address].Ready).ToList();
            if (!answers.Contains(null))
                ready[revision.Name] = answers.Count(answer => answer == true);
        }

        return new WorkloadSight { Ready = ready.ToImmutable() };
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        List<EndpointWatch> all;
        lock (_gate)
        {
            all = [.. _canaries.Values.SelectMany(watched => watched.Endpoints.Values)];
            _canaries.Clear();
        }

        foreach (var endpoint in all)
            await endpoint.DisposeAsync().ConfigureAwait(false);
    }

    private sealed record Watched(LookingAt How, ImmutableArray<Revision> Revisions, ImmutableDictionary<string, EndpointWatch> Endpoints);
}
