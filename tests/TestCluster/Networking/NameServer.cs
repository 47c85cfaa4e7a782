using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MeshCanary.TestCluster.Isolation;

namespace MeshCanary.TestCluster.Networking;

/// <summary>Answers names of the cluster over UDP; of any other it says that it does not exist, for there is no way out.</summary>
/// <param name="names">What it knows.</param>
internal sealed class NameServer(NameTable names)
{
    private const int Port = 53;
    private const int HeaderLength = 12;

    // As many addresses as fit the 512 bytes that every resolver takes.
    private const int MostAnswers = 24;

    private const ushort TypeAddress = 1;
    private const byte NoSuchName = 3;

    /// <summary>The resolver settings of a pod.</summary>
    /// <param name="space">The pod's namespace.</param>
    public static string ResolverFile(string space) => $"""
        nameserver {OwnNamespace.Gateway}
        search {space}.svc.{NameTable.Domain} svc.{NameTable.Domain} {NameTable.Domain}
        options ndots:5

        """;

    /// <summary>Answers until cancelled.</summary>
    /// <param name="cancellation">Ends it.</param>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(OwnNamespace.Gateway), Port));
        var question = new byte[1500];
        while (!cancellation.IsCancellationRequested)
        {
            var got = await socket.ReceiveFromAsync(question, new IPEndPoint(IPAddress.Any, 0), cancellation);
            if (Answer(question.AsSpan(0, got.ReceivedBytes)) is { } answer)
                await socket.SendToAsync(answer, got.RemoteEndPoint, cancellation);
        }
    }

    private byte[]? Answer(ReadOnlySpan<byte> question)
    {
        if (question.Length < HeaderLength || ReadName(question[HeaderLength..], out var length) is not { } name
            || question.Length < HeaderLength + length + 4)
            return null;

        var type = BinaryPrimitives.ReadUInt16BigEndian(question[(HeaderLength + length)..]);
        var found = names.Find(name);
        var addresses = type == TypeAddress ? found?.ToArray() ?? [] : [];
        Random.Shared.Shuffle(addresses);
        if (addresses.Length > MostAnswers)
            addresses = addresses[..MostAnswers];

        using var answer = new MemoryStream();
        answer.Write(question[..2]);
        answer.Write([0x85, (byte)(0x80 | (found is null ? NoSuchName : 0)), 0, 1, 0, (byte)addresses.Length, 0, 0, 0, 0]);
        answer.Write(question.Slice(HeaderLength, length + 4));
        foreach (var address in addresses)
        {
            // The name by reference to the question, an Internet address, good for one second.
            answer.Write([0xC0, HeaderLength, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4]);
            answer.Write(address.GetAddressBytes());
        }

        return answer.ToArray();
    }

    private static string? ReadName(ReadOnlySpan<byte> bytes, out int length)
    {
        var labels = new List<string>();
        length = 0;
        while (length < bytes.Length && bytes[length] is > 0 and < 64 and var size && length + 1 + size < bytes.Length)
        {
            labels.Add(Encoding.ASCII.GetString(bytes.Slice(length + 1, size)));
            length += 1 + size;
        }

        if (length >= bytes.Length || bytes[length] != 0)
            return null;
        length++;
        return string.Join('.', labels).ToLowerInvariant();
    }
}
