namespace MeshCanary.Proxy.Recording;

/// <summary>What came of entering a user.</summary>
internal enum UserEntry
{
    /// <summary>The user was not there before.</summary>
    New,

    /// <summary>The user is there already.</summary>
    Known,

    /// <summary>The user is not there, and there is no room.</summary>
    Full,
}
