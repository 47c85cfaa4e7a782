using MeshCanary.Machinery.Events;
using Microsoft.Extensions.Logging;

namespace MeshCanary.Controller.Recording.Cluster;

/// <summary>What all stores of a process write with.</summary>
/// <param name="Objects">The Canary objects.</param>
/// <param name="History">The file of this replica.</param>
/// <param name="Events">Events for people; null for none.</param>
/// <param name="Writer">Who writes: the identity in the election.</param>
/// <param name="Time">The clock.</param>
/// <param name="Logger">Where logs go.</param>
internal sealed record StatusTools(ICanaryObjects Objects, CanaryStore History, EventRecorder? Events, string Writer, TimeProvider Time, ILogger Logger);
