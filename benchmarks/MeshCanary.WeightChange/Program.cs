using System.Globalization;
using System.Net;
using MeshCanary.WeightChange;

// benchmarks/proxy/weight-change.sh starts the controller and says where it is.
if (args is not [var api, var control, var stablePort, var canaryPort, var proxyCount, var changeCount])
{
    Console.Error.WriteLine("Use benchmarks/proxy/weight-change.sh.");
    return 2;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) => (pressed.Cancel, _) = (true, stop.CancelAsync());
using var stable = new OpenPort(Number(stablePort));
using var canary = new OpenPort(Number(canaryPort));
using var rollout = new RolloutClient(new Uri(api), TimeProvider.System);
var proxies = Enumerable.Range(1, Number(proxyCount)).Select(number => new LightProxy($"light-{number}", new Uri(control))).ToList();
try
{
    await rollout.AnswersAsync(stop.Token);
    foreach (var proxy in proxies)
        await proxy.ConnectAsync(stop.Token);
    await rollout.AnnounceAsync(new Uri($"http://{IPAddress.Loopback}:{canaryPort}"), stop.Token);

    // A controller that has just started compiles as it goes: its first changes are told, and not counted.
    const int WarmUp = 10;
    List<double> raised = [], returned = [];
    while (true)
    {
        raised.Add(await rollout.TakesAsync("WeightRaised", "StepAcknowledged", stop.Token));
        await rollout.ActAsync("abort", stop.Token);
        returned.Add(await rollout.TakesAsync("RollingBack", "RolledBack", stop.Token));
        if (raised.Count + returned.Count >= Number(changeCount) + WarmUp)
            break;
        await rollout.ActAsync("retry", stop.Token);
    }

    var first = raised[0];
    raised.RemoveRange(0, WarmUp / 2);
    returned.RemoveRange(0, WarmUp / 2);
    foreach (var proxy in proxies)
        proxy.ThrowIfEnded();
    Console.WriteLine($"{raised.Count + returned.Count} weight changes, {proxies.Count} proxies, from decision to last acknowledgement.");
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Not counted: the first {WarmUp} after the start, of which the first took {first:F1} ms."));
    Console.WriteLine();
    Console.WriteLine("| change | count | p50 | p99 | longest |");
    Console.WriteLine("|---|---|---|---|---|");
    Console.WriteLine(Row("0 % to 10 %", raised));
    Console.WriteLine(Row("10 % to 0 %", returned));
    Console.WriteLine(Row("together", [.. raised, .. returned]));
    return 0;
}
finally
{
    foreach (var proxy in proxies)
        await proxy.DisposeAsync();
}

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

static string Row(string name, List<double> milliseconds)
{
    milliseconds.Sort();
    double At(double part) => milliseconds[Math.Min((int)(part * milliseconds.Count), milliseconds.Count - 1)];
    return string.Create(
        CultureInfo.InvariantCulture,
        $"| {name} | {milliseconds.Count} | {At(0.5):F1} ms | {At(0.99):F1} ms | {milliseconds[^1]:F1} ms |");
}
