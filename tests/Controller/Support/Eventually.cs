namespace MeshCanary.Controller.Tests.Support;

/// <summary>Waits on a condition with a deadline.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    public static async Task Holds(Func<Task<bool>> condition, Func<string> otherwise)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Deadline, otherwise());
            await Task.Delay(Pause, TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    public static Task Holds(Func<bool> condition, string otherwise) => Holds(() => Task.FromResult(condition()), () => otherwise);

    /// <summary>Asks until the answer is as wanted, and returns it.</summary>
    public static async Task<T> Is<T>(Func<Task<T>> ask, Func<T, bool> wanted, string otherwise)
    {
        var last = default(T)!;
        await Holds(
            async () =>
            {
                last = await ask();
                return wanted(last);
            },
            () => $"{otherwise}; last seen: {System.Text.Json.JsonSerializer.Serialize(last, MeshCanary.Controller.Api.ApiJson.Options)}");
        return last;
    }
}
