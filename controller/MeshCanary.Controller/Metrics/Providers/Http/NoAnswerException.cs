namespace MeshCanary.Controller.Metrics.Providers.Http;

/// <summary>Carries an answer that is no value out of where it was found. Never leaves a provider.</summary>
internal sealed class NoAnswerException(MetricAnswer answer) : Exception(answer.ToString())
{
    /// <summary>What is answered.</summary>
    public MetricAnswer Answer { get; } = answer;

    /// <summary>A fault as an exception.</summary>
    public static NoAnswerException Of(FaultKind kind, string reason) => new(new MetricAnswer.Fault(kind, reason));

    /// <summary>The answer has another shape than the provider documents, or than the template needs.</summary>
    public static NoAnswerException Shape(string reason) => Of(FaultKind.WrongShape, reason);
}
