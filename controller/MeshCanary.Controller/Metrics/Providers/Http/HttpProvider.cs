using System.Text.Json;

namespace MeshCanary.Controller.Metrics.Providers.Http;

/// <summary>A provider that is asked over HTTP in its dialect. Thread-safe.</summary>
internal sealed class HttpProvider(IProviderDialect dialect, ProviderHttp http) : IMetricProvider
{
    /// <inheritdoc/>
    public string Type => dialect.Type;

    /// <inheritdoc/>
    public async Task<MetricAnswer> AskAsync(MetricQuestion question, CancellationToken cancellationToken)
    {
        try
        {
            var reply = await http.SendAsync(question, dialect.Ask(question), cancellationToken);
            return dialect.Read(question, reply);
        }
        catch (NoAnswerException none)
        {
            return none.Answer;
        }
        catch (JsonException malformed)
        {
            return new MetricAnswer.Fault(FaultKind.WrongShape, $"{question.Provider.Address} answered with something that is no JSON: {malformed.Message} Check the address: a page to log in, or of a proxy in between, looks like this");
        }
    }
}
