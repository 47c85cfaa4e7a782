using MeshCanary.SampleService.Behaviour;
using MeshCanary.SampleService.Options;

namespace MeshCanary.SampleService.Answers;

/// <summary>Answers every request as the version's behaviour decides.</summary>
internal sealed class CheckoutEndpoint(SampleOptions options, TimeProvider time)
{
    private const string HealthPath = "/healthz";

    // The host's name, which in a cluster is the pod's.
    private static readonly string Instance = Environment.MachineName;

    private readonly VersionBehaviour _behaviour = new(options);
    private readonly long _start = time.GetTimestamp();
    private long _requests;

    /// <summary>Answers one request.</summary>
    public async Task AnswerAsync(HttpContext context)
    {
        context.Response.Headers["x-version"] = options.Version;
        context.Response.Headers["x-instance"] = Instance;
        if (context.Request.Path == HealthPath)
        {
            await context.Response.WriteAsync("ok", context.RequestAborted);
            return;
        }

        var number = Interlocked.Increment(ref _requests);
        var outcome = _behaviour.Decide(time.GetElapsedTime(_start), number);
        try
        {
            if (outcome.Latency > TimeSpan.Zero)
                await Task.Delay(outcome.Latency, time, context.RequestAborted);
            await WriteAsync(context, number, outcome.Fails);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client went away; nobody is left to answer.
        }
    }

    private Task WriteAsync(HttpContext context, long number, bool fails)
    {
        if (fails)
        {
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return context.Response.WriteAsJsonAsync(
                new CheckoutError(options.Version, "the price list did not answer"), context.RequestAborted);
        }

        var items = 1 + (int)(number % 4);
        return context.Response.WriteAsJsonAsync(
            new CheckoutQuote(options.Version, $"order-{number}", items, items * 1_295L, "EUR"), context.RequestAborted);
    }
}
