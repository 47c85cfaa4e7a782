using MeshCanary.Contracts.V1;
using MeshCanary.Proxy.Endpoints;
using MeshCanary.Proxy.Recording;

namespace MeshCanary.Proxy.Tests.Endpoints;

public sealed class EndpointBoardTests : IDisposable
{
    private readonly TestBoard _board = new();

    public void Dispose() => _board.Dispose();

    [Fact]
    public void Retain_OtherEndpointsChange_KeepsThoseThatStay()
    {
        var before = _board.Apply(TestBoard.Arm("http://10.0.0.1:80", "http://10.0.0.2:80")).All.ToArray();
        before[1].End(EndpointResult.Unreachable, 3);

        var after = _board.Apply(TestBoard.Arm("http://10.0.0.3:80", "http://10.0.0.2:80"));

        Assert.Same(before[1], after.All.Last());
        Assert.Equal([("http://10.0.0.3:80", true), ("http://10.0.0.2:80", false)], after.Status.Select(status => (status.Address, status.IsReady)));
        Assert.StartsWith("it could not be reached", after.Status.Last().Obstacle, StringComparison.Ordinal);
    }

    [Fact]
    public void Prepare_NeverRetained_ChangesNothingInForce()
    {
        var inForce = _board.Apply(TestBoard.Arm(2));

        var refused = _board.Board.Prepare(_board.Counters, TestBoard.Arm(1));

        Assert.Same(inForce.All.First(), refused.All.Single());
        Assert.Equal(2, inForce.All.Count());
        Assert.Equal(2, _board.Board.Counters.Count());
    }

    [Fact]
    public void Prepare_OtherSettingsOrRevision_MakesOtherEndpoints()
    {
        var before = _board.Apply(TestBoard.Arm(1)).All.Single();
        var changed = TestBoard.Arm(1);
        changed.Protocol = UpstreamProtocol.Http2;

        Assert.NotSame(before, _board.Board.Prepare(_board.Counters, changed).All.Single());
        Assert.NotSame(before, _board.Board.Prepare(new RevisionCounters("shop/checkout", "v2"), TestBoard.Arm(1)).All.Single());
        Assert.Same(before, _board.Board.Prepare(_board.Counters, TestBoard.Arm(1)).All.Single());
    }

    [Fact]
    public void Retain_AnEndpointLeavesWithARequest_IsKnownUntilThatEnded()
    {
        var leaving = _board.Apply(TestBoard.Arm("http://10.0.0.1:80")).All.Single();
        leaving.Begin();
        _board.Apply(TestBoard.Arm("http://10.0.0.2:80"));

        _board.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Contains(leaving.Counters, _board.Board.Counters);

        leaving.End(EndpointResult.Answered);
        _board.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.DoesNotContain(leaving.Counters, _board.Board.Counters);
    }

    [Fact]
    public void Retain_TheSetBefore_TakesItBack()
    {
        var first = _board.Apply(TestBoard.Arm("http://10.0.0.1:80"));
        _board.Apply(TestBoard.Arm("http://10.0.0.2:80"));

        _board.Board.Retain([first]);
        _board.Time.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal([first.All.Single().Counters], _board.Board.Counters);
        Assert.Same(first.All.Single(), _board.Board.Prepare(_board.Counters, TestBoard.Arm("http://10.0.0.1:80")).All.Single());
    }

    [Theory]
    [InlineData("http://10.0.0.1:80", UpstreamProtocol.Auto, 1, HttpVersionPolicy.RequestVersionOrLower)]
    [InlineData("https://10.0.0.1:80", UpstreamProtocol.Auto, 2, HttpVersionPolicy.RequestVersionOrLower)]
    [InlineData("http://10.0.0.1:80", UpstreamProtocol.Http2, 2, HttpVersionPolicy.RequestVersionExact)]
    [InlineData("https://10.0.0.1:80", UpstreamProtocol.Http1, 1, HttpVersionPolicy.RequestVersionExact)]
    public void Client_ByAddressAndProtocol_SpeaksTheVersion(string address, UpstreamProtocol protocol, int version, HttpVersionPolicy policy)
    {
        var arm = TestBoard.Arm(address);
        arm.Protocol = protocol;

        var client = _board.Apply(arm).All.Single().Client;

        Assert.Equal((version, policy), (client.Version.Major, client.VersionPolicy));
    }
}
