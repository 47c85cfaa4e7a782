namespace MeshCanary.Proxy.Telling;

/// <summary>What of <see cref="AccessLogOptions"/> may change while requests run, ready to be asked for each. Immutable.</summary>
/// <param name="Threshold">A random number below it draws the request.</param>
/// <param name="IsWhole">Every request is drawn.</param>
/// <param name="EveryFailure">Failures get a line also when they were not drawn.</param>
/// <param name="WithQuery">Lines have the query.</param>
internal sealed record LogSampling(ulong Threshold, bool IsWhole, bool EveryFailure, bool WithQuery)
{
    private const double Numbers = 18_446_744_073_709_551_616.0;

    public static LogSampling Of(AccessLogOptions options) => new(
        options.Share is > 0 and < 1 ? (ulong)(options.Share * Numbers) : 0, options.Share >= 1, options.EveryFailure, options.WithQuery);
}
