using System.Threading.Channels;
using k8s;
using k8s.Models;
using MeshCanary.TestCluster.Following;
using MeshCanary.TestCluster.Isolation;

namespace MeshCanary.TestCluster.Networking;

/// <summary>The stand-in for kube-proxy and for the cluster's name server.</summary>
internal sealed class ServiceProxy
{
    private readonly Follower<V1Service> _services;
    private readonly Follower<V1Endpoints> _endpoints;
    private readonly NameServer _names;

    // Only the newest state matters: one waiting note is enough.
    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private string _rules = "";

    /// <summary>Prepares it.</summary>
    /// <param name="client">The API server.</param>
    /// <param name="time">Paces what is tried again.</param>
    public ServiceProxy(IKubernetes client, TimeProvider time)
    {
        _services = Followers.Services(client, time);
        _endpoints = Followers.Endpoints(client, time);
        _names = new NameServer(new NameTable(_services, _endpoints));
    }

    /// <summary>Works until cancelled.</summary>
    /// <param name="cancellation">Ends it.</param>
    public Task RunAsync(CancellationToken cancellation) => Task.WhenAll(
        _services.RunAsync((_, _) => _changes.Writer.TryWrite(true), cancellation),
        _endpoints.RunAsync((_, _) => _changes.Writer.TryWrite(true), cancellation),
        ApplyAsync(cancellation),
        _names.RunAsync(cancellation));

    private async Task ApplyAsync(CancellationToken cancellation)
    {
        await foreach (var _ in _changes.Reader.ReadAllAsync(cancellation))
        {
            var rules = ServiceRules.Write(
                _services.Objects, service => _endpoints.Find(service.Metadata.NamespaceProperty, service.Metadata.Name));
            if (rules == _rules)
                continue;
            await Tools.MustAsync(rules, "nft", ["-f", "-"], cancellation);
            _rules = rules;
        }
    }
}
