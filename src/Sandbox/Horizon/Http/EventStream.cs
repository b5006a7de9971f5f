using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace StellarPay.Sandbox.Horizon.Http;

/// <summary>Server-sent events as Horizon sends them: "hello" first, a record each with its token, "byebye" last.</summary>
internal sealed class EventStream(HttpResponse response, CancellationToken gone)
{
    public const string ContentType = "text/event-stream";

    private static readonly byte[] Hello = "retry: 1000\nevent: open\ndata: \"hello\"\n\n"u8.ToArray();
    private static readonly byte[] ByeBye = "retry: 10\nevent: close\ndata: \"byebye\"\n\n"u8.ToArray();

    private bool _open;

    /// <summary>Sends the headers and "hello", once.</summary>
    public async ValueTask OpenAsync()
    {
        if (_open)
        {
            return;
        }

        _open = true;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-cache";
        response.Headers["X-Accel-Buffering"] = "no";
        await SendAsync(Hello);
    }

    public async ValueTask RecordAsync(string? id, ReadOnlyMemory<byte> json)
    {
        await OpenAsync();
        var text = new ArrayBufferWriter<byte>(json.Length + 64);
        if (id is not null)
        {
            Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"id: {id}\n"), text);
        }

        text.Write("data: "u8);
        text.Write(json.Span);
        text.Write("\n\n"u8);
        await SendAsync(text.WrittenMemory);
    }

    public async ValueTask CloseAsync()
    {
        await OpenAsync();
        await SendAsync(ByeBye);
    }

    public static ReadOnlyMemory<byte> Render(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, HorizonJson.WriterOptions))
        {
            write(json);
        }

        return buffer.WrittenMemory;
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        await response.Body.WriteAsync(bytes, gone);
        await response.Body.FlushAsync(gone);
    }
}
