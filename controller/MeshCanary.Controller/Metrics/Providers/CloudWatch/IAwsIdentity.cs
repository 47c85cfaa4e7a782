namespace MeshCanary.Controller.Metrics.Providers.CloudWatch;

/// <summary>Who this process is to Amazon: for templates without a Secret. Thread-safe.</summary>
internal interface IAwsIdentity
{
    /// <summary>Its keys; null when it is nobody.</summary>
    Task<AwsKeys?> FindAsync(CancellationToken cancellationToken);
}
