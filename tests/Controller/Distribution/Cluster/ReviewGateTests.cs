using System.Text.Json;
using Grpc.Core;
using MeshCanary.Controller.Distribution.Cluster;
using Microsoft.Extensions.Time.Testing;

namespace MeshCanary.Controller.Tests.Distribution.Cluster;

public sealed class ReviewGateTests
{
    private const string User = "system:serviceaccount:shop:checkout-meshcanary-proxy";

    private readonly FakeTimeProvider _time = new();
    private readonly TestReviewer _reviewer = new();
    private readonly ReviewGate _gate;

    public ReviewGateTests() => _gate = new ReviewGate(_reviewer, _time);

    [Fact]
    public async Task Token_ThatIsKnown_IsAskedForOnceAMinute()
    {
        var token = _reviewer.Know(TestReviewer.Token(User, _time.GetUtcNow().AddHours(1)), User, "pod-1");

        Assert.Equal((User, "pod-1"), await AskAsync(token));
        await AskAsync(token);
        Assert.Equal(1, _reviewer.Asked);

        _time.Advance(ReviewGate.Fresh);
        await AskAsync(token);
        Assert.Equal(2, _reviewer.Asked);
    }

    [Fact]
    public async Task Token_AfterItsEnd_IsAskedForHoweverFreshTheAnswer()
    {
        var token = _reviewer.Know(TestReviewer.Token(User, _time.GetUtcNow().AddSeconds(20)), User);
        await AskAsync(token);
        _time.Advance(TimeSpan.FromSeconds(20));
        _reviewer.Forget(token);

        Assert.Equal(StatusCode.Unauthenticated, (await RefusalAsync(token)).StatusCode);

        _reviewer.IsAway = true;
        Assert.Equal(StatusCode.Unavailable, (await RefusalAsync(token)).StatusCode);
    }

    [Fact]
    public async Task Token_ThatIsNobodys_IsRefusedWithTheReasonAndAskedForAgainSoon()
    {
        var token = TestReviewer.Token(User, _time.GetUtcNow().AddHours(1));
        Assert.Contains("does not accept", (await RefusalAsync(token)).Status.Detail, StringComparison.Ordinal);
        await RefusalAsync(token);
        Assert.Equal(1, _reviewer.Asked);

        _reviewer.Know(token, User);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(User, (await AskAsync(token)).User);
    }

    [Fact]
    public async Task ServerAway_KnownTokensAreGoodForAWhileAndOthersHaveToWait()
    {
        var known = _reviewer.Know(TestReviewer.Token(User, _time.GetUtcNow().AddHours(1)), User);
        var other = _reviewer.Know(TestReviewer.Token(User, _time.GetUtcNow().AddHours(2)), User);
        await AskAsync(known);
        _reviewer.IsAway = true;
        _time.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(User, (await AskAsync(known)).User);
        Assert.Equal(StatusCode.Unavailable, (await RefusalAsync(other)).StatusCode);

        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(StatusCode.Unavailable, (await RefusalAsync(known)).StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("opaque")]
    [InlineData("a.!!!.c")]
    [InlineData("a.W10.c")]
    [InlineData("a.eyJleHAiOjFlMzAwfQ.c")]
    public async Task Token_WithoutAnEnd_IsAskedForEachTime(string token)
    {
        _reviewer.Know(token, User);
        await AskAsync(token);
        await AskAsync(token);
        Assert.Equal(2, _reviewer.Asked);
    }

    [Fact]
    public async Task Call_WithoutToken_IsRefused() =>
        Assert.Equal(StatusCode.Unauthenticated, (await Assert.ThrowsAsync<RpcException>(() => _gate.AuthenticateAsync([], TestContext.Current.CancellationToken))).StatusCode);

    [Theory]
    [InlineData("""{"status":{"authenticated":true,"audiences":["meshcanary.io"],"user":{"username":"u","extra":{"authentication.kubernetes.io/pod-name":["p"],"authentication.kubernetes.io/pod-uid":["i"]}}}}""", "u", "p", "i")]
    [InlineData("""{"status":{"authenticated":true,"audiences":["meshcanary.io"],"user":{"username":"u"}}}""", "u", null, null)]
    public void Answer_ThatAccepts_SaysWho(string answer, string user, string? pod, string? uid)
    {
        var caller = Read(answer).Caller;
        Assert.Equal((user, pod, uid), (caller?.User, caller?.Pod, caller?.PodUid));
    }

    [Theory]
    [InlineData("""{"status":{"authenticated":true,"user":{"username":"u"}}}""", "audience")]
    [InlineData("""{"status":{"authenticated":true,"audiences":["https://kubernetes.default.svc"],"user":{"username":"u"}}}""", "audience")]
    [InlineData("""{"status":{"authenticated":false,"error":"token expired"}}""", "token expired")]
    [InlineData("""{"status":{"authenticated":"true","audiences":["meshcanary.io"],"user":{"username":"u"}}}""", "does not accept")]
    [InlineData("""{"status":{}}""", "does not accept")]
    [InlineData("""{}""", "does not accept")]
    [InlineData("""[]""", "does not accept")]
    public void Answer_OfAnyOtherKind_IsARefusalWithItsReason(string answer, string reason)
    {
        var review = Read(answer);
        Assert.Null(review.Caller);
        Assert.Contains(reason, review.Refusal, StringComparison.Ordinal);
    }

    private static TokenReview Read(string answer)
    {
        using var json = JsonDocument.Parse(answer);
        return TokenReviewer.Read(json.RootElement);
    }

    private async Task<(string? User, string? Pod)> AskAsync(string token)
    {
        var caller = await _gate.AuthenticateAsync(Headers(token), TestContext.Current.CancellationToken);
        return (caller.User, caller.Pod);
    }

    private Task<RpcException> RefusalAsync(string token) =>
        Assert.ThrowsAsync<RpcException>(() => _gate.AuthenticateAsync(Headers(token), TestContext.Current.CancellationToken));

    private static Metadata Headers(string token) => new() { { "authorization", $"Bearer {token}" } };
}
