namespace MeshCanary.Proxy.Configuring;

/// <summary>The forwarder refused a plan that had passed our own validation.</summary>
internal sealed class ProxyPlanRefusedException(Exception cause) : Exception(Describe(cause), cause)
{
    private static string Describe(Exception cause)
    {
        var details = cause is AggregateException many
            ? string.Join(" ", many.Flatten().InnerExceptions.Select(inner => inner.Message))
            : cause.Message + (cause.InnerException is { } inner ? $" {inner.Message}" : "");
        return $"the forwarder refused the configuration: {details}";
    }
}
