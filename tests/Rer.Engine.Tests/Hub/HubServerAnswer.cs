using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Rer.Engine.Tests.Hub;

/// <summary>What a <see cref="HubServer"/> sends.</summary>
/// <param name="Status">Status code.</param>
/// <param name="Body">Body.</param>
/// <param name="Headers">Headers besides the length.</param>
internal sealed record HubServerAnswer(int Status, byte[] Body, Dictionary<string, string> Headers)
{
    /// <summary>Bytes of the body after which the connection is cut; null sends all.</summary>
    public int? CutAfter { get; init; }

    /// <summary>Whether the connection stays open after <see cref="CutAfter"/> bytes, in silence.</summary>
    public bool Stalls { get; init; }

    public static HubServerAnswer Json(object value) =>
        new(200, JsonSerializer.SerializeToUtf8Bytes(value), new() { ["Content-Type"] = "application/json" });

    public async Task SendAsync(NetworkStream stream, CancellationToken end)
    {
        var head = new StringBuilder($"HTTP/1.1 {Status} X\r\nContent-Length: {Body.Length}\r\nConnection: close\r\n");
        foreach (var (name, value) in Headers) head.Append($"{name}: {value}\r\n");
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head.Append("\r\n").ToString()), end);
        await stream.WriteAsync(Body.AsMemory(0, Math.Min(Body.Length, CutAfter ?? Body.Length)), end);
        if (Stalls) await Task.Delay(Timeout.Infinite, end);
    }
}
