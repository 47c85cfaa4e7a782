namespace MeshCanary.Controller.Metrics.Providers.CloudWatch;

/// <summary>Who this process is to Amazon: for templates without a Secret. Thread-safe.</summary>
internal interface IAwsIdentity
{
    /// <summary>Its keys; null when it is nobody.</summary>
    /// <exception cref="Http.NoAnswerException">It is somebody, and is not given keys.</exception>
    Task<AwsKeys?> FindAsync(CancellationToken cancellationToken);
}
