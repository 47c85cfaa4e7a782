namespace MeshCanary.Controller.Recording;

/// <summary>The state could not be read or written. Whoever wanted to act on it holds, and tries again.</summary>
internal sealed class StoreUnavailableException(string message, Exception cause) : IOException(message, cause);
