using System.Text.Json;

namespace StellarPay.Sandbox.Tests.Running;

/// <summary>One event of a stream.</summary>
internal sealed record StreamEvent(string? Name, string? Id, int? Retry, JsonElement Data);

/// <summary>Reads a stream event by event, as a browser's EventSource does.</summary>
internal sealed class EventReader : IDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _lines;

    private EventReader(HttpResponseMessage response, StreamReader lines)
    {
        _response = response;
        _lines = lines;
    }

    public static async Task<EventReader> OpenAsync(TestSandbox sandbox, string path, string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        var response = await sandbox.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestSandbox.Stop);
        response.Content.Headers.ContentType?.MediaType.ShouldBe("text/event-stream");
        return new EventReader(
            response, new StreamReader(await response.Content.ReadAsStreamAsync(TestSandbox.Stop)));
    }

    /// <summary>The next event; null at the end of the stream.</summary>
    public async Task<StreamEvent?> NextAsync()
    {
        string? name = null, id = null, data = null;
        int? retry = null;
        while (await _lines.ReadLineAsync(TestSandbox.Stop) is { } line)
        {
            if (line.Length == 0)
            {
                return new StreamEvent(name, id, retry, JsonSerializer.Deserialize<JsonElement>(data ?? "null"));
            }

            var (field, value) = (line[..line.IndexOf(':')], line[(line.IndexOf(':') + 1)..].TrimStart());
            switch (field)
            {
                case "event":
                    name = value;
                    break;
                case "id":
                    id = value;
                    break;
                case "data":
                    data = value;
                    break;
                case "retry":
                    retry = int.Parse(value, System.Globalization.CultureInfo.InvariantCulture);
                    break;
            }
        }

        return null;
    }

    public void Dispose()
    {
        _lines.Dispose();
        _response.Dispose();
    }
}
