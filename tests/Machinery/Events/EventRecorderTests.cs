using System.Text.Json.Nodes;
using k8s.Models;
using MeshCanary.Machinery.Events;
using MeshCanary.Machinery.Tests.Harness;
using MeshCanary.Testing.Waiting;
using Microsoft.Extensions.Time.Testing;

namespace MeshCanary.Machinery.Tests.Events;

public class EventRecorderTests
{
    private static readonly EventOptions Options = new("meshcanary.io/test", "test-1") { Burst = 1000 };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Event_ThatRepeats_IsMadeOnceAndCountedOn(bool newer)
    {
        await using var api = await ScriptedApi.StartAsync();
        if (newer)
            api.Served["events.k8s.io/v1"] = ["events"];
        api.Others = Say.Json("{}");
        var recorder = new EventRecorder(api.Cluster, Options);
        for (var i = 0; i < 3; i++)
            recorder.Record(Happened("same"));
        await RunAsync(recorder, () => Writes(api).Count == 3);

        var writes = Writes(api);
        var root = newer ? "apis/events.k8s.io/v1" : "api/v1";
        Assert.Equal($"POST {root}/namespaces/shop/events", writes[0].Request);
        Assert.Equal("same", writes[0].Body[newer ? "note" : "message"]!.GetValue<string>());
        Assert.Equal("meshcanary.io/test", writes[0].Body[newer ? "reportingController" : "reportingComponent"]!.GetValue<string>());
        Assert.Equal($"PATCH {root}/namespaces/shop/events/{writes[0].Body["metadata"]!["name"]!.GetValue<string>()}", writes[2].Request);
        Assert.Equal(3, writes[2].Body["series"]!["count"]!.GetValue<int>());
        Assert.Equal(newer ? null : 3, writes[2].Body["count"]?.GetValue<int>());
        Assert.Equal(3, await api.MetricAsync("meshcanary_kubernetes_events_sent_total"));
    }

    [Fact]
    public async Task Events_ThatTheServerForgotOrRefuses_AreMadeAnewOrDropped()
    {
        await using var api = await ScriptedApi.StartAsync();
        var recorder = new EventRecorder(api.Cluster, Options);
        api.Others = http => http.Request.Method == "PATCH" ? Say.Status(404, "NotFound", "gone")(http)
            : http.Request.Path.Value!.Contains("/namespaces/secret/", StringComparison.Ordinal) ? Say.Status(403, "Forbidden", "no")(http)
            : Say.Json("{}")(http);
        recorder.Record(Happened("same"));
        recorder.Record(Happened("same"));
        recorder.Record(Happened("x", "secret"));
        recorder.Record(Happened("last"));
        await RunAsync(recorder, () => Writes(api).Count == 5);
        Assert.Equal(["POST", "PATCH", "POST", "POST", "POST"], Writes(api).Select(write => write.Request.Split(' ')[0]));
        Assert.Equal(2, Writes(api)[2].Body["count"]!.GetValue<int>());
        Assert.Equal(1, await api.MetricAsync("""meshcanary_kubernetes_events_dropped_total{reason="refused"}"""));
    }

    [Fact]
    public async Task Record_WithNobodyToWrite_ReturnsAndDropsBeyondTheLimit()
    {
        await using var api = await ScriptedApi.StartAsync();
        var recorder = new EventRecorder(api.Cluster, Options with { Capacity = 10 });
        for (var i = 0; i < 25; i++)
            recorder.Record(Happened($"{i}"));
        Assert.Equal(15, await api.MetricAsync("""meshcanary_kubernetes_events_dropped_total{reason="full"}"""));
    }

    [Fact]
    public void Correlator_ManyNotesOfOneReason_AreCombined()
    {
        var time = new FakeTimeProvider();
        var correlator = new EventCorrelator(Options with { SimilarLimit = 3 }, time);
        EventSeries Place(string note) => correlator.Place(new PendingEvent(Happened(note), time.GetUtcNow()))!;
        for (var i = 0; i < 3; i++)
            Assert.Equal($"{i}", Place($"{i}").Note);
        var combined = Place("3");
        Assert.Equal("(combined from similar events): 3", combined.Note);
        Assert.Same(combined, Place("4"));
        Assert.Equal("1", Place("1").Note);
        time.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal("5", Place("5").Note);
    }

    [Fact]
    public void Correlator_ObjectWithTooMany_LosesTheRestUntilTimePassed()
    {
        var time = new FakeTimeProvider();
        var correlator = new EventCorrelator(new EventOptions("a", "b"), time);
        bool Place(string space) => correlator.Place(new PendingEvent(Happened("x", space), time.GetUtcNow())) is not null;
        Assert.Equal(25, Enumerable.Range(0, 100).Count(_ => Place("shop")));
        Assert.True(Place("other"));
        time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(2, Enumerable.Range(0, 10).Count(_ => Place("shop")));
    }

    [Fact]
    public void BoundedMemory_WhenFull_ForgetsWhatWasNotUsedForLongest()
    {
        var memory = new BoundedMemory<int, string>(2);
        memory.Put(1, "a");
        memory.Put(2, "b");
        Assert.True(memory.TryGet(1, out _));
        memory.Put(3, "c");
        Assert.Equal((2, true, false), (memory.Count, memory.TryGet(1, out _), memory.TryGet(2, out _)));
    }

    private static ObjectEvent Happened(string note, string space = "shop") => new(
        new V1ObjectReference { ApiVersion = "v1", Kind = "Pod", Name = "a", NamespaceProperty = space, Uid = "u" }, false, "Promoted", "Promote", note);

    private static List<(string Request, JsonNode Body)> Writes(ScriptedApi api) =>
        [.. api.Requests.Zip(api.Bodies).Where(pair => !pair.First.StartsWith("GET", StringComparison.Ordinal)).Select(pair => (pair.First, JsonNode.Parse(pair.Second)!))];

    private static async Task RunAsync(EventRecorder recorder, Func<bool> until)
    {
        using var stop = new CancellationTokenSource();
        var run = recorder.RunAsync(stop.Token);
        await Eventually.TrueAsync(until, TimeSpan.FromSeconds(30), "the events are written", cancellation: TestContext.Current.CancellationToken);
        await stop.CancelAsync();
        await run;
    }
}
