using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace MeshCanary.Proxy.Tests.Harness;

/// <summary>QUIC without a network: what a proxy's HTTP/3 ports bind, for tests that must not depend on the system.</summary>
internal sealed class FakeQuic : IMultiplexedConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private readonly ConcurrentDictionary<IPEndPoint, FakeQuicListener> _bound = [];

    /// <summary>The next binding fails, as on a port that another has.</summary>
    public bool IsTaken { get; set; }

    public IEnumerable<IPEndPoint> Bound => _bound.Keys;

    public void Use(IWebHostBuilder host) => host.ConfigureServices(services => services.AddSingleton<IMultiplexedConnectionListenerFactory>(this));

    public bool CanBind(EndPoint endpoint) => endpoint is IPEndPoint;

    public ValueTask<IMultiplexedConnectionListener> BindAsync(EndPoint endpoint, IFeatureCollection? features = null, CancellationToken cancellationToken = default)
    {
        if (IsTaken)
            throw new AddressInUseException("taken");
        var address = (IPEndPoint)endpoint;
        var listener = new FakeQuicListener(address, features!.GetRequiredFeature<TlsConnectionCallbackOptions>(), () => _bound.TryRemove(address, out _));
        Assert.True(_bound.TryAdd(address, listener));
        return ValueTask.FromResult<IMultiplexedConnectionListener>(listener);
    }

    /// <summary>What is bound to an address.</summary>
    public FakeQuicListener At(IPEndPoint address) => _bound[address];
}
