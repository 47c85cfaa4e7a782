namespace MeshCanary.Proxy.Hosting;

/// <summary>On which threads this process goes on when a socket has something for it.</summary>
public static class SocketThreads
{
    private const string Switch = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>
    /// Goes on with a request on the thread that learned of its bytes, instead of handing it to another: there is one such
    /// thread per core, so that no core waits for another. To be called before the process opens its first socket, since the
    /// runtime looks once. Nothing that runs there may block; web servers of the process that were not told otherwise run
    /// their requests elsewhere all the same. Whoever starts the process may set the variable otherwise.
    /// </summary>
    public static void CompleteInline()
    {
        if (Environment.GetEnvironmentVariable(Switch) is null)
            Environment.SetEnvironmentVariable(Switch, "1");
    }
}
