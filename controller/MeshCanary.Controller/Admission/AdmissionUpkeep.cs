using MeshCanary.Controller.Admission.Certifying;
using MeshCanary.Controller.Admission.Registering;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Controller.Admission;

/// <summary>Looks after certificates and configurations for as long as the controller runs; every replica does.</summary>
internal sealed partial class AdmissionUpkeep(CertificateKeeper keeper, WebhookRegistrar? registrar, Action<string> trusted, TimeProvider time, ILogger<AdmissionUpkeep> logger)
{
    // Far below the overlap of two authorities. While a registration is missing every write of a user's manifest has to be repaired.
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    /// <summary>Once: certificates first, so that there is something to show when the API server comes.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var bundle = await keeper.RefreshAsync(cancellationToken).ConfigureAwait(false);
        trusted(bundle);
        if (registrar is not null)
            await registrar.EnsureAsync(bundle, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Again and again until it is asked to end.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            try
            {
                await RefreshAsync(cancellationToken).ConfigureAwait(false);
            }
#pragma warning disable CA1031 // Whatever failed is tried again: until then the certificates of before are in force.
            catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                LogFault(fault);
            }
        }
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The webhooks could not be looked after; tried again in ten seconds.")]
    private partial void LogFault(Exception fault);
}
