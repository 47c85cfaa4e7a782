using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using MeshCanary.Controller.Api;
using MeshCanary.Controller.Tests.Support;
using MeshCanary.Rollouts.States;
using Microsoft.Extensions.Time.Testing;

namespace MeshCanary.Controller.Tests.Api;

public sealed class ApiTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly Backend _v1 = new();
    private readonly Backend _v2 = new();
    private readonly FakeTimeProvider _time = new();
    private readonly FakeProxy _proxy = new("edge");
    private TestController _controller = null!;

    public async ValueTask InitializeAsync()
    {
        _controller = await TestController.StartAsync(_folder.Path, _time, TestController.Manifest("checkout", _v1.Address));
        await _proxy.ConnectAsync(_controller.Server.Control);
        await _controller.Until(view => view.Phase == Phase.Stable, "The Canary is not adopted");
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await _controller.DisposeAsync();
        _v1.Dispose();
        _v2.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Canary_Unknown_IsAProblemThatSaysWhatThereIs()
    {
        using var answer = await _controller.Http.GetAsync("canaries/shop/basket", TestContext.Current.CancellationToken);
        await IsProblemAsync(answer, HttpStatusCode.NotFound, "shop/basket");
    }

    [Fact]
    public async Task View_AsJson_WritesNamesEnumsTimesAndSharesAsPromised()
    {
        await _controller.AnnounceAsync("v2", _v2.Address);
        await _controller.Until(view => view.Weight.Acknowledged == 1000, "The weight is not acknowledged");
        using var json = JsonDocument.Parse(await _controller.Http.GetStringAsync("canaries/shop/checkout", TestContext.Current.CancellationToken));
        Assert.Equal("progressing", json.RootElement.GetProperty("phase").GetString());
        Assert.Equal(1000, json.RootElement.GetProperty("run").GetProperty("weight").GetInt32());
        Assert.Equal(_time.GetUtcNow(), json.RootElement.GetProperty("phaseSince").GetDateTimeOffset());
    }

    [Theory]
    [InlineData("{", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("null", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("{}", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("{\"addresses\":[\"ftp://nowhere\"]}", "application/json", HttpStatusCode.BadRequest)]
    [InlineData("{\"addresses\":[\"http://127.0.0.1:1\"]}", "text/plain", HttpStatusCode.UnsupportedMediaType)]
    public async Task Announcement_ThatMakesNoSense_IsAProblem(string body, string type, HttpStatusCode expected)
    {
        using var content = new StringContent(body, Encoding.UTF8, type);
        using var answer = await _controller.Http.PostAsync("canaries/shop/checkout/revisions", content, TestContext.Current.CancellationToken);
        await IsProblemAsync(answer, expected, "");
    }

    [Theory]
    [InlineData("{\"addresses\":[7]}", "$.addresses[0]")]
    [InlineData("{\"addresses\":7}", "$.addresses")]
    [InlineData("[]", "$")]
    [InlineData("{\"addresses\":[", "$.addresses")]
    public async Task Announcement_ThatCannotBeRead_IsToldInWordsOfTheWriter(string body, string said)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await _controller.Http.PostAsync("canaries/shop/checkout/revisions", content, TestContext.Current.CancellationToken);
        var problem = await IsProblemAsync(answer, HttpStatusCode.BadRequest, said);
        foreach (var inner in new[] { "MeshCanary", "System.", "BytePosition", ".." })
            Assert.DoesNotContain(inner, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_BeyondTheLimit_IsTooLong()
    {
        using var content = new StringContent(new string(' ', 1024 * 1024 + 1), Encoding.UTF8, "application/json");

        // The answer comes before the body is sent: a server that closes on a client in the middle of it is a race.
        using var request = new HttpRequestMessage(HttpMethod.Post, "canaries/shop/checkout/revisions") { Content = content };
        request.Headers.ExpectContinue = true;
        using var answer = await _controller.Http.SendAsync(request, TestContext.Current.CancellationToken);
        await IsProblemAsync(answer, HttpStatusCode.RequestEntityTooLarge, "1 MiB");
    }

    [Fact]
    public async Task Method_ThatAPageDoesNotTake_IsAProblemThatNamesThoseItTakes()
    {
        using var answer = await _controller.Http.DeleteAsync("canaries/shop/checkout/actions", TestContext.Current.CancellationToken);
        await IsProblemAsync(answer, HttpStatusCode.MethodNotAllowed, "POST");
        Assert.Equal(["POST"], answer.Content.Headers.Allow);
    }

    [Fact]
    public async Task Page_ThatThereIsNot_IsAProblem()
    {
        using var answer = await _controller.Http.GetAsync("nothing.txt", TestContext.Current.CancellationToken);
        await IsProblemAsync(answer, HttpStatusCode.NotFound, "/api/v1/nothing.txt");
    }

    [Fact]
    public async Task Announcement_OfAddressesThatDoNotAnswer_NamesEachUnlessForced()
    {
        using var one = new Backend(answers: false);
        using var two = new Backend(answers: false);
        var body = new RevisionRequest("v2", [one.Address, two.Address]);
        using var refused = await _controller.PostAsync("canaries/shop/checkout/revisions", body);
        var problem = await IsProblemAsync(refused, HttpStatusCode.UnprocessableEntity, body.Addresses[0]);
        Assert.Contains(body.Addresses[1], problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(2, problem.GetProperty("errors").GetArrayLength());

        using var forced = await _controller.PostAsync("canaries/shop/checkout/revisions?force=true", body);
        Assert.Equal(HttpStatusCode.Accepted, forced.StatusCode);
        await _controller.Until(view => view.Run?.Canary.Name == "v2", "No run begins");
    }

    [Fact]
    public async Task Announcement_OfWhatIsStableOrInFlightAlready_ChangesNothing()
    {
        using var stable = await _controller.PostAsync("canaries/shop/checkout/revisions", new RevisionRequest("v1", [_v1.Address]));
        Assert.Equal(HttpStatusCode.OK, stable.StatusCode);
        await _controller.AnnounceAsync("v2", _v2.Address);
        using var again = await _controller.PostAsync("canaries/shop/checkout/revisions", new RevisionRequest("v2", [_v2.Address]));
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Single(await _controller.EventsAsync(), entry => entry.Kind == "RunStarted");
    }

    [Fact]
    public async Task Announcement_OfANameWithOtherAddresses_IsRefused()
    {
        using var answer = await _controller.PostAsync("canaries/shop/checkout/revisions?force=true", new RevisionRequest("v1", [_v2.Address]));
        await IsProblemAsync(answer, HttpStatusCode.Conflict, "choose another name");
    }

    [Theory]
    [InlineData("approve", HttpStatusCode.Conflict)]
    [InlineData("retry", HttpStatusCode.Conflict)]
    [InlineData("explode", HttpStatusCode.BadRequest)]
    [InlineData("3", HttpStatusCode.BadRequest)]
    public async Task Action_ThatMakesNoSense_IsAProblem(string action, HttpStatusCode expected)
    {
        using var answer = await _controller.PostAsync("canaries/shop/checkout/actions", new ActionRequest(action, null));
        await IsProblemAsync(answer, expected, "");
    }

    [Fact]
    public async Task Action_Taken_IsInTheLogWithItsOriginOnce()
    {
        await _controller.AnnounceAsync("v2", _v2.Address);
        using var answer = await _controller.PostAsync("canaries/shop/checkout/actions", new ActionRequest("abort", "lunch"));
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var entry = Assert.Single(await _controller.EventsAsync(), entry => entry.Kind == "Aborted");
        Assert.Contains("lunch", entry.Message, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1", entry.Origin, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EventStream_AfterAReconnect_ResumesWhereItStopped()
    {
        await _controller.AnnounceAsync("v2", _v2.Address);
        var all = await _controller.EventsAsync();
        Assert.Equal(all.Select(entry => entry.Id), await StreamAsync(null, all.Length));
        Assert.Equal(all.Skip(2).Select(entry => entry.Id), await StreamAsync(all[1].Id, all.Length - 2));
    }

    [Fact]
    public async Task EventStream_WhileItIsOpen_TellsWhatHappens()
    {
        var last = (await _controller.EventsAsync())[^1].Id;
        var streaming = StreamAsync(last, 1);
        await _controller.AnnounceAsync("v2", _v2.Address);
        Assert.True((await streaming)[0] > last);
    }

    [Fact]
    public async Task ViewStream_OnAChange_SendsTheNewView()
    {
        var before = (await _controller.ViewAsync()).Version;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        await using var body = await _controller.Http.GetStreamAsync("canaries/shop/checkout/stream", stop.Token);
        using var reader = new StreamReader(body);
        await _controller.AnnounceAsync("v2", _v2.Address);
        while (true)
        {
            var line = await reader.ReadLineAsync(stop.Token);
            if (line?.StartsWith("data: ", StringComparison.Ordinal) != true)
                continue;
            var view = JsonSerializer.Deserialize<CanaryView>(line[6..], ApiJson.Options)!;
            Assert.True(view.Version >= before);
            if (view.Run?.Canary.Name == "v2")
                break;
        }
    }

    [Fact]
    public async Task Request_ForAnotherHost_IsRefused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "canaries") { Headers = { Host = "evil.example" } };
        using var answer = await _controller.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.MisdirectedRequest, answer.StatusCode);
    }

    [Fact]
    public async Task Metrics_OfARollout_ShowPhaseAndWeight()
    {
        await _controller.AnnounceAsync("v2", _v2.Address);
        await _controller.Until(view => view.Weight.Acknowledged == 1000, "The weight is not acknowledged");
        var text = await _controller.Http.GetStringAsync(new Uri($"http://{_controller.Server.Api}/metrics"), TestContext.Current.CancellationToken);
        Assert.Contains("meshcanary_canary_phase{canary=\"shop/checkout\",phase=\"progressing\"} 1", text, StringComparison.Ordinal);
        Assert.Contains("meshcanary_canary_phase{canary=\"shop/checkout\",phase=\"stable\"} 0", text, StringComparison.Ordinal);
        Assert.Contains("meshcanary_canary_weight{canary=\"shop/checkout\",kind=\"acknowledged\"} 0.1", text, StringComparison.Ordinal);
    }

    private async Task<List<long>> StreamAsync(long? after, int count)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "canaries/shop/checkout/events/stream");
        if (after is { } id)
            request.Headers.TryAddWithoutValidation("Last-Event-ID", id.ToString(System.Globalization.CultureInfo.InvariantCulture));
        using var answer = await _controller.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        var ids = new List<long>();
        while (ids.Count < count)
        {
            var line = await reader.ReadLineAsync(TestContext.Current.CancellationToken);
            if (line?.StartsWith("data: ", StringComparison.Ordinal) == true)
                ids.Add(JsonSerializer.Deserialize<EventView>(line[6..], ApiJson.Options)!.Id);
        }

        return ids;
    }

    private static async Task<JsonElement> IsProblemAsync(HttpResponseMessage answer, HttpStatusCode status, string said)
    {
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        Assert.NotEqual("", problem.GetProperty("title").GetString());
        Assert.Contains(said, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        return problem;
    }
}
