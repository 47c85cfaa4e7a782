using MeshCanary.Testing.Waiting;

namespace MeshCanary.Testing.Tests.Waiting;

public class EventuallyTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TrueAsync_TrueLater_Returns()
    {
        var looks = 0;

        await Eventually.TrueAsync(() => ++looks == 3, Long, "the third look", cancellation: Cancellation);

        Assert.Equal(3, looks);
    }

    [Fact]
    public async Task TrueAsync_NeverTrue_SaysWhatWasExpectedAndWhatIs()
    {
        var error = await Assert.ThrowsAsync<TimeoutException>(() =>
            Eventually.TrueAsync(() => false, Short, "weight is 50%", () => "weight 10%", Cancellation));

        Assert.Equal("Not true within 0.03 s: weight is 50%. Instead: weight 10%", error.Message);
    }

    [Fact]
    public async Task TrueAsync_ThrowsThenTrue_Returns()
    {
        var looks = 0;

        await Eventually.TrueAsync(
            () => ++looks < 3 ? throw new InvalidOperationException() : Task.FromResult(true), Long, "no throw", cancellation: Cancellation);

        Assert.Equal(3, looks);
    }

    [Fact]
    public async Task TrueAsync_AlwaysThrows_NamesTheLastError()
    {
        var error = await Assert.ThrowsAsync<TimeoutException>(() =>
            Eventually.TrueAsync(() => bool.Parse("oops"), Short, "a bool", cancellation: Cancellation));

        Assert.Contains("FormatException", error.Message, StringComparison.Ordinal);
        Assert.IsType<FormatException>(error.InnerException);
    }

    [Fact]
    public async Task TrueAsync_ConditionHangs_EndsAtTheDeadline()
    {
        var never = new TaskCompletionSource<bool>();

        await Assert.ThrowsAsync<TimeoutException>(() =>
            Eventually.TrueAsync(() => never.Task, Short, "an answer", cancellation: Cancellation));
    }

    [Fact]
    public async Task TrueAsync_Cancelled_Ends()
    {
        using var source = new CancellationTokenSource();
        var wait = Eventually.TrueAsync(() => false, Long, "nothing", cancellation: source.Token);

        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
    }
}
