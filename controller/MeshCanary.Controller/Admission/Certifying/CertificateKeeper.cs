using MeshCanary.Controller.Admission.Serving;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Controller.Admission.Certifying;

/// <summary>Keeps the shared certificates in force, and shows the present one. Any replica may do it; who is quicker wins.</summary>
internal sealed partial class CertificateKeeper(ISecretStore store, CertificatePlan plan, ServingCertificate serving, TimeProvider time, ILogger<CertificateKeeper> logger)
{
    private const int MostTries = 10;

    private KeyedCertificate? _shown;

    /// <summary>Brings certificates up to date.</summary>
    /// <returns>The bundle that API servers have to trust.</returns>
    /// <exception cref="InvalidOperationException">Others changed the Secret again and again in between.</exception>
    public async Task<string> RefreshAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < MostTries; attempt++)
        {
            var stored = await store.ReadAsync(cancellationToken).ConfigureAwait(false);
            var present = stored is null ? null : CertificateSet.Read(stored.Data);
            var next = plan.Advance(present, time.GetUtcNow());
            if (next == present)
                return Show(next);
            LogRenewed();
            var written = stored is null
                ? await store.CreateAsync(next.Write(), cancellationToken).ConfigureAwait(false)
                : await store.ReplaceAsync(next.Write(), stored.Version, cancellationToken).ConfigureAwait(false);
            // Not shown before it is stored: another replica's may have won.
            if (written)
                return Show(next);
        }

        throw new InvalidOperationException($"The Secret with the webhooks' certificates was changed by others {MostTries} times in between. Look for who writes to it.");
    }

    private string Show(CertificateSet set)
    {
        if (_shown != set.Serving)
            serving.Show(set.Serving.ReadWithKey());
        _shown = set.Serving;
        return set.Bundle;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The webhooks' certificates are renewed.")]
    private partial void LogRenewed();
}
