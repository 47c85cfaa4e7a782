using System.Net;
using System.Text.Json;
using MeshCanary.Testing.Processes;

namespace MeshCanary.SampleService.Tests.Hosting;

public sealed class SampleProcessTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly HttpClient _client = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Get_AnyPath_IsAQuoteOfTheVersion()
    {
        await using var service = Start("--version", "v7", "--error-rate", "0", "--latency-ms", "0");
        var address = await AddressAsync(service);

        using var response = await _client.GetAsync(new Uri(address, "/some/where"), Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("v7", response.Headers.GetValues("x-version").Single());
        using var quote = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("v7", quote.RootElement.GetProperty("version").GetString());
        Assert.Equal("order-1", quote.RootElement.GetProperty("order").GetString());
    }

    [Fact]
    public async Task Get_EveryRequestFails_Is500WithABodyAndHealthStaysGood()
    {
        await using var service = Start("--error-rate", "1", "--latency-ms", "0");
        var address = await AddressAsync(service);

        using var response = await _client.GetAsync(address, Cancellation);
        using var health = await _client.GetAsync(new Uri(address, "/healthz"), Cancellation);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Contains("price list", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
    }

    [Fact]
    public async Task ExitWithStdin_InputCloses_Ends()
    {
        await using var service = Start("--exit-with-stdin");
        await AddressAsync(service);

        service.CloseInput();

        Assert.Equal(0, await service.ExitAsync(Cancellation));
    }

    [Fact]
    public async Task Terminate_Running_EndsWell()
    {
        await using var service = Start();
        await AddressAsync(service);

        Assert.Equal(0, await service.TerminateAsync(Cancellation));
    }

    [Fact]
    public async Task Start_PortIsTaken_SaysSo()
    {
        await using var first = Start();
        var address = await AddressAsync(first);
        await using var second = Start("--listen", address.Authority);

        Assert.Equal(1, await second.ExitAsync(Cancellation));
        Assert.Contains($"Cannot listen on {address.Authority}", second.Errors[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--error-rate: '2' is not a number from 0 to 1.", "--error-rate", "2")]
    [InlineData("--latency-ms: 'x' is not a number from 0 to 60000.", "--latency-ms", "x")]
    [InlineData("--listen: 'nowhere' is neither PORT nor ADDRESS:PORT", "--listen", "nowhere")]
    [InlineData("--wrong", "--wrong")]
    public async Task Start_InvalidOption_SaysWhichWithExitCode2(string message, params string[] arguments)
    {
        await using var service = Start(arguments);

        Assert.Equal(2, await service.ExitAsync(Cancellation));
        Assert.Contains(message, service.Errors[0], StringComparison.Ordinal);
        Assert.Empty(service.Output);
    }

    private static ChildProcess Start(params string[] arguments) =>
        ChildProcess.Start(Path.Combine(AppContext.BaseDirectory, "MeshCanary.SampleService"), arguments);

    private static async Task<Uri> AddressAsync(ChildProcess service) =>
        new(await service.LineAsync("listening on ", Deadline, Cancellation));
}
