using MeshCanary.Testing.Waiting;

namespace MeshCanary.Cluster.Tests.Harness;

public sealed class ClusterTests(ClusterFixture fixture)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Deployment_OfTheSampleService_BecomesAvailableAndAnswersThroughItsService()
    {
        await using var space = await fixture.NamespaceAsync();
        await space.ApplyAsync(Sample.Deployment("web", "v1", 2), Stop);
        await space.AvailableAsync("web", Stop);

        using var client = new HttpClient();
        var address = await space.AddressAsync("web", Stop);
        await Eventually.TrueAsync(
            async () =>
            {
                using var answer = await client.GetAsync(address, Stop);
                return answer.Headers.GetValues("x-version").Single() == "v1";
            },
            TimeSpan.FromSeconds(20), "the Service answers", cancellation: Stop);
    }
}
