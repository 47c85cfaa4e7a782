namespace MeshCanary.Controller.Recording.Cluster;

/// <summary>Another controller writes the status of this Canary, or the object is another one by now: whoever meets this stops to act on it.</summary>
internal sealed class StaleObjectException(string message) : Exception(message);
