using Prometheus;

namespace MeshCanary.Controller.Metrics;

/// <summary>Figures on the reports of proxies.</summary>
internal sealed class ReportMetrics(MetricFactory factory)
{
    /// <summary>Reports that arrived, also those that came again.</summary>
    public Counter Received { get; } = factory.CreateCounter("meshcanary_controller_reports_received_total", "Interval reports that arrived from proxies.");

    /// <summary>Reports that came after their window had closed.</summary>
    public Counter Late { get; } = factory.CreateCounter("meshcanary_controller_reports_late_total", "Counts of a canary that arrived after their window had closed; they count in the next one.");

    /// <summary>Reports that came again.</summary>
    public Counter Duplicate { get; } = factory.CreateCounter("meshcanary_controller_reports_duplicate_total", "Interval reports that were known already.");

    /// <summary>First visits that a proxy could not count.</summary>
    public Counter UsersUncounted { get; } = factory.CreateCounter("meshcanary_controller_users_uncounted_total", "Requests of sticky users who may be new and whom a proxy did not count as such, since it remembers no more users.");

    /// <summary>Reports whose counts were not usable.</summary>
    public Counter Refused { get; } = factory.CreateCounter("meshcanary_controller_reports_refused_total", "Interval reports whose counts were left out because they make no sense.");
}
