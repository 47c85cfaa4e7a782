namespace MeshCanary.Controller.Reconciling;

/// <summary>What became of a request.</summary>
internal enum RequestOutcome
{
    /// <summary>It was taken.</summary>
    Accepted,

    /// <summary>It is so already.</summary>
    NothingToDo,

    /// <summary>It makes no sense now.</summary>
    Refused,
}
