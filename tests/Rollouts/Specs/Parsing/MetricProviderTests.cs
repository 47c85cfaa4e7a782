using System.Text.Json;
using MeshCanary.Rollouts.Specs;
using MeshCanary.Rollouts.Specs.Parsing;

namespace MeshCanary.Rollouts.Tests.Specs.Parsing;

public sealed class MetricProviderTests
{
    [Theory]
    [InlineData("""{"type":"datadog","reduce":"sum"}""", "https://api.datadoghq.com")]
    [InlineData("""{"type":"newRelic","newRelic":{"account":7}}""", "https://api.newrelic.com")]
    [InlineData("""{"type":"cloudWatch","reduce":"sum","cloudWatch":{"region":"eu-west-1"}}""", "https://monitoring.eu-west-1.amazonaws.com")]
    [InlineData("""{"type":"cloudWatch","reduce":"sum","cloudWatch":{"region":"cn-north-1"}}""", "https://monitoring.cn-north-1.amazonaws.com.cn")]
    [InlineData("""{"type":"cloudWatch","reduce":"sum","cloudWatch":{"region":"us-gov-west-1"},"address":"https://vpce.example"}""", "https://vpce.example")]
    [InlineData("""{"type":"job","job":{"template":{"spec":{"template":{"spec":{"containers":[{"name":"a"}]}}}}}}""", "")]
    public void Address_IsTheProvidersOwn_WhereItHasOne(string provider, string address) => Assert.Equal(address, Read(provider)!.Address);

    [Theory]
    [InlineData("""{"type":"graphite","address":"http://g"}""", "spec.provider.reduce: is missing: graphite answers with several points for a window. Write which number they stand for: reduce: last, average, sum, min or max.")]
    [InlineData("""{"type":"dynatrace"}""", "spec.provider.address: is missing. Write address: https://abc12345.live.dynatrace.com.")]
    [InlineData("""{"type":"newRelic"}""", "spec.provider.newRelic: is missing. Write newRelic: { account: 1234567 }.")]
    [InlineData("""{"type":"newRelic","newRelic":{"account":"x"}}""", "spec.provider.newRelic.account: 'x' is not a whole number from 1 to 2147483647. Write 1234567.")]
    [InlineData("""{"type":"dynatrace","address":"http://d","web":{"jsonPath":"$.a"}}""", "spec.provider.web: belongs to the type web; the type is dynatrace. Remove it, or write type: web.")]
    [InlineData("""{"type":"cloudWatch","reduce":"sum","cloudWatch":{"region":"Dublin"}}""", "spec.provider.cloudWatch.region: 'Dublin' is no region. Write for example eu-west-1.")]
    [InlineData("""{"type":"cloudWatch","reduce":"sum","cloudWatch":{"region":"eu-west-1","period":"90s"}}""", "spec.provider.cloudWatch.period: '90s' is not a number of whole minutes. Write for example 1m or 5m.")]
    [InlineData("""{"type":"influxDb","address":"http://i","influxDb":{}}""", "spec.provider.influxDb.organization: is missing. Write organization: shop.")]
    [InlineData("""{"type":"influxDb","address":"http://i","influxDb":{"language":"sql","database":"d","organization":"o"}}""", "spec.provider.influxDb.organization: is not asked for by sql. Remove it.")]
    [InlineData("""{"type":"influxDb","address":"http://i","influxDb":{"language":"sequel"}}""", "spec.provider.influxDb.language: 'sequel' is not one of flux, influxql, sql. Did you mean 'sql'?")]
    [InlineData("""{"type":"web","address":"http://w","web":{"jsonPath":"value"}}""", "spec.provider.web.jsonPath: 'value' is no JSONPath: it has to begin with $, the whole answer. Write for example $.value.")]
    [InlineData("""{"type":"web","address":"http://w","web":{"jsonPath":"$","contentType":"text/plain"}}""", "spec.provider.web.contentType: belongs to method POST: a GET has no body. Remove it, or write method: POST.")]
    [InlineData("""{"type":"web","address":"http://w","web":{"jsonPath":"$"},"headers":{"Authorization":"x"}}""", "spec.provider.headers: 'Authorization' holds credentials, which everybody may read here. Put it into a Secret under the key header.Authorization, and name that in secretRef.")]
    [InlineData("""{"type":"web","address":"http://w","web":{"jsonPath":"$"},"headers":{"Host":"x"}}""", "spec.provider.headers: 'Host' cannot be given: it frames the message or is set already. Remove it.")]
    [InlineData("""{"type":"web","address":"http://w","web":{"jsonPath":"$"},"headers":{"X-A":"a\nb"}}""", "spec.provider.headers.X-A: holds control characters, letters beyond ASCII, or white space at an end. Write it on one line, without them.")]
    [InlineData("""{"type":"web","address":"http://w","web":{"jsonPath":"$"},"tls":{"authority":"nothing"}}""", "spec.provider.tls.authority: holds no certificate that can be read. Write the certificates as PEM: '-----BEGIN CERTIFICATE-----' and so on.")]
    [InlineData("""{"type":"job","address":"http://w","job":{"template":{"spec":{"template":{"spec":{"containers":[{}]}}}}}}""", "spec.provider.address: is not asked for by a Job, which runs in the template's own namespace. Remove it; what its pod needs is in the template.")]
    [InlineData("""{"type":"dynatrace","address":"http://d","reduce":"sum"}""", "spec.provider.reduce: is not asked for by dynatrace, which answers with one number for a series. Remove it.")]
    [InlineData("""{"type":"job","job":{"template":{"spec":{"template":{}}}}}""", "spec.provider.job.template.spec.template: is no template of a Job: spec is missing. Write it as in a CronJob's jobTemplate, such as template: { spec: { template: { spec: { containers: [{ name: check, image: registry.example/check:1 }] } } } }.")]
    public void Fault_IsTold(string provider, string told)
    {
        Assert.Null(Read(provider, out var errors));
        Assert.Equal(told, Assert.Single(errors));
    }

    [Fact]
    public void JobTemplate_IsHandedOnAsItIs()
    {
        const string Template = """{"spec":{"template":{"spec":{"containers":[{"name":"check","args":["1","true",null],"ports":[{"containerPort":8080}],"tty":true,"weight":0.5}]}}}}""";
        Assert.Equal(Template, Read($$$"""{"type":"job","job":{"template":{{{Template}}}}}""")!.Job!.Template);
    }

    [Theory]
    [InlineData("job", "10m", true)]
    [InlineData("web", "10m", false)]
    public void Timeout_OfAJob_MayBeLonger(string type, string timeout, bool fine)
    {
        var spec = $$"""{"provider":{"type":"{{type}}",{{(type == "job" ? """ "job":{"template":{"spec":{"template":{"spec":{"containers":[{}]}}}}}""" : """ "address":"http://w","web":{"jsonPath":"$"}""")}}},"query":"q","timeout":"{{timeout}}"}""";
        Assert.Equal(fine, MetricTemplateReader.ReadObject(JsonSerializer.Deserialize<JsonElement>(spec), out _) is not null);
    }

    private static MetricProviderSpec? Read(string provider)
    {
        var read = Read(provider, out var errors);
        Assert.True(read is not null, string.Join('\n', errors));
        return read;
    }

    private static MetricProviderSpec? Read(string provider, out string[] errors)
    {
        var read = MetricTemplateReader.ReadObject(JsonSerializer.Deserialize<JsonElement>($$"""{"provider":{{provider}},"query":"q"}"""), out var found);
        errors = [.. found.Select(error => error.Said)];
        return read?.Provider;
    }
}
