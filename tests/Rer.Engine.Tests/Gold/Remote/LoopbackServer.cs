using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Rer.Engine.Tests.Gold.Remote;

/// <summary>An HTTP server on this machine that answers as a test tells it to, and keeps what it was asked.</summary>
internal sealed class LoopbackServer : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Func<Request, Answer> _answer;
    private readonly Task _serving;

    public LoopbackServer(Func<Request, Answer> answer)
    {
        _answer = answer;
        Address = $"http://127.0.0.1:{FreePort()}";
        _listener.Prefixes.Add(Address + "/");
        _listener.Start();
        _serving = Task.Run(Serve);
    }

    public string Address { get; }

    public ConcurrentQueue<Request> Requests { get; } = [];

    public void Dispose()
    {
        _listener.Abort();
        _serving.Wait();
        _listener.Close();
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private void Serve()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = _listener.GetContext();
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }
            using var reader = new StreamReader(context.Request.InputStream);
            var text = reader.ReadToEnd();
            var request = new Request(
                context.Request.HttpMethod, context.Request.Url!.AbsolutePath, text.Length == 0 ? null : JsonNode.Parse(text)!.AsObject(),
                context.Request.Headers["Authorization"]);
            Requests.Enqueue(request);
            Write(context.Response, _answer(request));
        }
    }

    private static void Write(HttpListenerResponse response, Answer answer)
    {
        if (answer.Delay > TimeSpan.Zero) Thread.Sleep(answer.Delay);
        try
        {
            response.StatusCode = answer.Status;
            if (answer.RetryAfter is { } seconds)
                response.AddHeader("Retry-After", seconds.ToString(System.Globalization.CultureInfo.InvariantCulture));
            if (answer.Location is { } location) response.AddHeader("Location", location);
            var bytes = Encoding.UTF8.GetBytes(answer.Body);
            if (answer.CutShort)
            {
                response.ContentLength64 = bytes.Length + 10;
                response.OutputStream.Write(bytes);
                response.Abort();
                return;
            }
            response.ContentLength64 = bytes.Length;
            response.OutputStream.Write(bytes);
            response.Close();
        }
        catch (Exception error) when (error is HttpListenerException or ObjectDisposedException or InvalidOperationException)
        {
            // The client no longer listens: that is what some tests are about.
        }
    }

    internal sealed record Request(string Method, string Path, JsonObject? Body, string? Authorization)
    {
        public string[] Texts(string field) => [.. Body![field]!.AsArray().Select(text => (string)text!)];
    }

    internal sealed record Answer(string Body, int Status = 200)
    {
        public TimeSpan Delay { get; init; }

        public int? RetryAfter { get; init; }

        public bool CutShort { get; init; }

        public string? Location { get; init; }
    }
}
