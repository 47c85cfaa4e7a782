using MeshCanary.Controller.Api;
using MeshCanary.Controller.Calibrating;
using MeshCanary.Controller.Crds;
using MeshCanary.Controller.Exposing;
using MeshCanary.Controller.Reconciling;
using MeshCanary.Controller.Recording;
using MeshCanary.Controller.Recording.Cluster;
using MeshCanary.Rollouts.Revisions;
using MeshCanary.Rollouts.Specs;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Controller.Keeping;

/// <summary>Makes what reconciles a Canary object, from its beginning or from where another replica stopped.</summary>
internal sealed class CanaryForge(ForgeTools tools)
{
    /// <summary>Begins with a Canary that was never under control.</summary>
    public async Task<KeptCanary> BeginAsync(CanaryObject present, CanaryManifest manifest, Revision stable, CancellationToken cancellation)
    {
        var now = tools.Time.GetUtcNow();
        var store = new CanaryStatusStore(tools.Status, present, null);
        var commit = Adoption.Begin(manifest, stable, now);
        commit = commit with { Record = CookieKeys.Renew(commit.Record, now) };
        await store.CommitAsync(commit, cancellation).ConfigureAwait(false);
        return Make(present, commit.Record, store);
    }

    /// <summary>Goes on with a Canary.</summary>
    /// <param name="present">The object as it is.</param>
    /// <param name="manifest">What it asks for now.</param>
    /// <param name="state">What was kept of it.</param>
    /// <param name="cancellation">Ends the write.</param>
    public async Task<KeptCanary> ResumeAsync(CanaryObject present, CanaryManifest manifest, EngineState state, CancellationToken cancellation)
    {
        var store = new CanaryStatusStore(tools.Status, present, state);
        var record = state.ToRecord();
        var renewed = CookieKeys.Renew(record, tools.Time.GetUtcNow());
        // The first write says who leads now: whoever led before is refused from here on.
        await store.CommitAsync(new CanaryCommit { Record = renewed }, cancellation).ConfigureAwait(false);
        var kept = Make(present, renewed, store);
        // What was written while nobody looked is a change like any other. One that is being deleted does not come back by it.
        kept.Canary.Worker.State.Wish = new CanaryWish(present.Metadata.DeletionTimestamp is null ? manifest : null);
        return kept;
    }

    private KeptCanary Make(CanaryObject present, CanaryRecord record, CanaryStatusStore store)
    {
        var feed = new CanaryFeed(tools.Time);
        var logger = tools.Loggers.CreateLogger<CanaryWorker>();
        var state = new CanaryState(record, new ServiceCalibration(record.Manifest, store, logger));
        var reconciler = new Reconciler(tools.Ports, store, new CanaryPublisher(feed, tools.Rollouts), tools.Reconciling, tools.Time, logger);
        return new KeptCanary(present.Metadata.Uid, new ControlledCanary(new CanaryWorker(state, reconciler, tools.Reconciling, tools.Time, logger), feed), store);
    }
}
