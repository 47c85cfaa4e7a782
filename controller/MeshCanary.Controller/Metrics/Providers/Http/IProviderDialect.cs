namespace MeshCanary.Controller.Metrics.Providers.Http;

/// <summary>How one provider is asked over HTTP, and how its answers are read. Pure; what happens on the way is the same for all.</summary>
internal interface IProviderDialect
{
    /// <summary>Its name, as in <c>spec.provider.type</c>.</summary>
    string Type { get; }

    /// <summary>The request that a question means.</summary>
    /// <exception cref="NoAnswerException">It cannot be asked: credentials are missing, or the query is none.</exception>
    ProviderRequest Ask(MetricQuestion question);

    /// <summary>What an answer with a status of success says.</summary>
    /// <exception cref="NoAnswerException">It is not what the provider documents, or says itself that it failed.</exception>
    MetricAnswer Read(MetricQuestion question, ProviderReply reply);
}
