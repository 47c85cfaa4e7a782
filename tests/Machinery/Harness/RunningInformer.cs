using k8s;
using k8s.Models;
using MeshCanary.Machinery.Discovering;
using MeshCanary.Machinery.Informers;
using MeshCanary.Machinery.Pacing;
using MeshCanary.Machinery.Resources;
using MeshCanary.Testing.Waiting;

namespace MeshCanary.Machinery.Tests.Harness;

/// <summary>An informer of Deployments at work, impatient enough for a test.</summary>
internal sealed class RunningInformer<T> : IAsyncDisposable
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _run;

    public RunningInformer(ScriptedApi api, InformerOptions<T>? options = null, ResourceChoice? choice = null)
    {
        Informer = new Informer<T>(api.Cluster, choice ?? new ResourceType("apps", "v1", "deployments", "Deployment"), (options ?? new()) with
        {
            Backoff = new Backoff(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(20)),
            AbsencePoll = TimeSpan.FromMilliseconds(20),
        });
        Informer.Subscribe(Heard);
        _run = Informer.RunAsync(_stop.Token);
    }

    public Informer<T> Informer { get; }

    public Heard<T> Heard { get; } = new();

    public Task WhenAsync(Func<Informer<T>, bool> condition, string because) => Eventually.TrueAsync(
        () => condition(Informer), TimeSpan.FromSeconds(30), because,
        () => $"{Informer.State}, heard {string.Join(' ', Heard.Notes)}", TestContext.Current.CancellationToken);

    public Task HearsAsync(params string[] notes) => WhenAsync(_ => Heard.Notes.SequenceEqual(notes), $"the handler heard {string.Join(' ', notes)}");

    public T Known(string name) => Informer.Store.TryGet(new ObjectKey("shop", name), out var found) ? found : throw new KeyNotFoundException(name);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run.WaitAsync(TimeSpan.FromSeconds(30));
        _stop.Dispose();
    }
}
