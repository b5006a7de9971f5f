using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using StellarPay.Frontdoor.MerchantEvents;
using StellarPay.Frontdoor.MerchantEvents.Streams;

namespace StellarPay.Frontdoor.Webhooks.Commands;

/// <summary>An event as a stream told it.</summary>
internal sealed record StreamedEvent(string Id, byte[] Body)
{
    public string Type
    {
        get
        {
            using var read = JsonDocument.Parse(Body);
            // The simple form calls it otherwise.
            return (read.RootElement.TryGetProperty("type", out var type) ? type : read.RootElement.GetProperty("event")).GetString()!;
        }
    }
}

/// <summary>That the API refuses us, and that asking again would not help.</summary>
internal sealed class StreamRefusedException(string why) : Exception(why);

/// <summary>Listens to a merchant's events, from the one after a cursor on, until the stream ends.</summary>
internal sealed class StreamedEvents(HttpClient api, string query, TimeProvider time)
{
    // A line says every fifteen seconds that it is alive, by default.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(75);

    /// <summary>The id of the newest event; <c>0</c> where there is none.</summary>
    public async Task<string> NewestAsync(CancellationToken cancellationToken)
    {
        using var answer = await api.GetAsync($"{MerchantEventsApi.Path}?limit=1", cancellationToken);
        await RefuseAsync(answer, cancellationToken);
        using var page = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellationToken));
        return page.RootElement.GetProperty("data").EnumerateArray().Select(one => one.GetProperty("id").GetString()!).FirstOrDefault("0");
    }

    /// <exception cref="StreamRefusedException">We may not.</exception>
    public async IAsyncEnumerable<StreamedEvent> ReadAsync(string after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{MerchantEventsApi.Path}/stream{query}");
        request.Headers.Add(EventStreamApi.Cursor, after);
        using var answer = await api.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        await RefuseAsync(answer, cancellationToken);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(cancellationToken), Encoding.UTF8);
        var (id, data) = ("", "");
        while (await LineAsync(lines, cancellationToken) is { } line)
        {
            if (line.Length == 0)
            {
                if (data.Length > 0)
                {
                    yield return new StreamedEvent(id, Encoding.UTF8.GetBytes(data));
                }

                data = "";
            }
            else if (ValueOf(line, "id: ") is { } value)
            {
                id = value;
            }
            else
            {
                data = ValueOf(line, "data: ") ?? data;
            }
        }
    }

    private async Task<string?> LineAsync(StreamReader lines, CancellationToken cancellationToken)
    {
        using var silence = new CancellationTokenSource(Silence, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, silence.Token);
        try
        {
            return await lines.ReadLineAsync(either.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException("The stream has fallen silent.", e);
        }
    }

    private static string? ValueOf(string line, string name) =>
        line.StartsWith(name, StringComparison.Ordinal) ? line[name.Length..] : null;

    private static async Task RefuseAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        if (answer.StatusCode == HttpStatusCode.OK)
        {
            return;
        }

        var why = await MerchantApi.ProblemOfAsync(answer, cancellationToken);
        throw answer.StatusCode is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError
            ? new IOException(why)
            : new StreamRefusedException(why);
    }
}
