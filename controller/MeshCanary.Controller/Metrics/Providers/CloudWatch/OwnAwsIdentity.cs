using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using MeshCanary.Controller.Metrics.Providers.Http;

namespace MeshCanary.Controller.Metrics.Providers.CloudWatch;

/// <summary>
/// The identity of the process as Amazon's library finds it: environment, service account of EKS, pod identity, machine. The library
/// renews what expires. Thread-safe.
/// </summary>
internal sealed class OwnAwsIdentity : IAwsIdentity
{
    // It finds roles of service accounts by a type of the second package, which nothing else names.
    private static readonly Type Needed = typeof(Amazon.SecurityToken.AmazonSecurityTokenServiceClient);

    /// <inheritdoc/>
    public async Task<AwsKeys?> FindAsync(CancellationToken cancellationToken)
    {
        try
        {
            GC.KeepAlive(Needed);
            var found = await Task.Run(() => DefaultAWSCredentialsIdentityResolver.GetCredentialsAsync(), cancellationToken).WaitAsync(cancellationToken);
            var keys = await found.GetCredentialsAsync().WaitAsync(cancellationToken);
            return new AwsKeys(keys.AccessKey, keys.SecretKey, keys.UseToken ? keys.Token : null);
        }
        catch (AmazonClientException)
        {
            return null;
        }
        catch (AmazonServiceException refusal)
        {
            throw NoAnswerException.Of(FaultKind.Refused, $"Amazon does not give the controller its role: {refusal.Message}");
        }
    }
}
