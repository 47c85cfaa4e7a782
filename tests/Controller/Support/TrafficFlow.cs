using System.Globalization;
using MeshCanary.Controller.Api;
using Wire = MeshCanary.Contracts.V1;

namespace MeshCanary.Controller.Tests.Support;

/// <summary>Lets time pass and traffic flow through fake proxies, each by the snapshot that it has.</summary>
internal sealed class TrafficFlow(string route, params FakeProxy[] proxies)
{
    public int Requests { get; set; } = 4000;

    public double CanaryErrors { get; set; }

    /// <summary>Adds to a proxy's report what else it has to say.</summary>
    public Action<FakeProxy, Wire.RouteCounts>? AlsoSays { get; set; }

    public uint CanaryBucket { get; set; } = 100;

    /// <summary>Canary requests that were reported since the start, by revision.</summary>
    public Dictionary<string, long> Reported { get; } = [];

    /// <summary>Flows, second by second, until the view is as wanted.</summary>
    public async Task<CanaryView> FlowUntil(TestController controller, Func<CanaryView, bool> wanted, string otherwise, int seconds = 120)
    {
        var name = route.Split('/')[1];
        for (var second = 0; second < seconds; second++)
        {
            var view = await controller.ViewAsync(name);
            if (wanted(view))
                return view;
            await SecondAsync(controller);
        }

        return await controller.Until(wanted, otherwise, name);
    }

    /// <summary>One second of traffic, and the controller has it.</summary>
    public async Task SecondAsync(TestController controller)
    {
        var before = await ReceivedAsync(controller);
        controller.Time.Advance(TimeSpan.FromSeconds(1));
        foreach (var proxy in proxies)
            await proxy.ReportAsync(controller.Now - TimeSpan.FromSeconds(1), controller.Now, CountsOf(proxy));
        await Eventually.Holds(async () => await ReceivedAsync(controller) >= before + proxies.Length, () => "The reports do not arrive");
        await Eventually.Holds(async () => await FigureAsync(controller, "meshcanary_controller_queue_depth") == 0, () => "The controller does not come to rest");
    }

    public static async Task<double> FigureAsync(TestController controller, string name)
    {
        var text = await controller.Http.GetStringAsync(new Uri($"http://{controller.Server.Api}/metrics"), TestContext.Current.CancellationToken);
        var line = text.Split('\n').Single(line => line.StartsWith(name + " ", StringComparison.Ordinal));
        return double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
    }

    public static Task<double> ReceivedAsync(TestController controller) => FigureAsync(controller, "meshcanary_controller_reports_received_total");

    private Wire.RouteCounts CountsOf(FakeProxy proxy)
    {
        var present = proxy.Newest!.Routes.Single(known => known.Name == route);
        var counts = present.Canary is null
            ? Counts.Only(route, present.Stable.Revision, Requests)
            : Counts.Split(route, present.Stable.Revision, present.Canary.Revision, (int)present.CanaryWeight, Requests, CanaryErrors, CanaryBucket);
        AlsoSays?.Invoke(proxy, counts);
        foreach (var served in counts.Revisions)
            Reported[served.Revision] = Reported.GetValueOrDefault(served.Revision) + (long)served.ServerErrors + served.Latency.Sum(bucket => (long)bucket.Count);
        return counts;
    }
}
