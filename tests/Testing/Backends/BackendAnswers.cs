using Microsoft.AspNetCore.Http;

namespace MeshCanary.Testing.Backends;

/// <summary>Ready-made behaviours of a backend.</summary>
public static class BackendAnswers
{
    /// <summary>200 with a short body.</summary>
    public static RequestDelegate Ok { get; } = context => context.Response.WriteAsync("ok", context.RequestAborted);

    /// <summary>Drops the connection without an answer.</summary>
    public static RequestDelegate Abort { get; } = context =>
    {
        context.Abort();
        return Task.CompletedTask;
    };

    /// <summary>Answers nothing until the client goes away.</summary>
    public static RequestDelegate Hang { get; } = async context =>
    {
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = context.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    };

    /// <summary>A status with a short body.</summary>
    public static RequestDelegate Status(int status) => context =>
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync($"status {status}", context.RequestAborted);
    };

    /// <summary>Waits before it answers.</summary>
    public static RequestDelegate After(TimeSpan latency, RequestDelegate answer) => async context =>
    {
        try
        {
            await Task.Delay(latency, TimeProvider.System, context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        await answer(context);
    };

    /// <summary>Every <paramref name="n"/>th request fares differently from the rest, beginning with the n-th.</summary>
    public static RequestDelegate EveryNth(int n, RequestDelegate special, RequestDelegate usual)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        var requests = 0L;
        return context => Interlocked.Increment(ref requests) % n == 0 ? special(context) : usual(context);
    }
}
