namespace MeshCanary.Controller.Workloads.InPlace.Calls;

/// <summary>One write to the API server. It holds all that it rests on: where that is no longer so, the server refuses it and nothing is done.</summary>
internal abstract record InPlaceCall
{
    /// <summary>What it does, in a few words for logs and tests.</summary>
    public abstract string Says { get; }

    /// <inheritdoc/>
    public sealed override string ToString() => Says;
}
