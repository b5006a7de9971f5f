using System.Globalization;
using System.Net.Http.Headers;
using StellarPay.Frontdoor.Webhooks.Delivery;

namespace StellarPay.Frontdoor.Webhooks.Commands;

/// <summary>Sends events to a program on a developer's machine, signed as those of a webhook endpoint.</summary>
internal sealed class EventForwarder(Uri target, byte[] secret, HttpClient http, TimeProvider time, TextWriter output)
{
    private static readonly TimeSpan AnswersWithin = TimeSpan.FromSeconds(10);

    /// <summary>How long it waits before each further try, as a rule.</summary>
    public static TimeSpan[] Usual { get; } = [.. new[] { 1, 2, 4, 8, 15, 30, 60 }.Select(seconds => TimeSpan.FromSeconds(seconds))];

    public required TimeSpan[] Pauses { get; init; }

    /// <summary>Whether the program took it, at last.</summary>
    public async Task<bool> SendAsync(StreamedEvent happened, CancellationToken cancellationToken)
    {
        foreach (TimeSpan? pause in Pauses.Select(each => (TimeSpan?)each).Append(null))
        {
            var answer = await TryAsync(happened, cancellationToken);
            if (answer.IsTaken)
            {
                await output.WriteLineAsync($"  {answer.Said}");
                return true;
            }

            await output.WriteLineAsync(pause is { } wait
                ? string.Create(CultureInfo.InvariantCulture, $"  {answer.Said}; again in {wait.TotalSeconds:0.###} s")
                : $"  {answer.Said}");
            if (pause is { } again)
            {
                await Task.Delay(again, time, cancellationToken);
            }
        }

        return false;
    }

    private async Task<(bool IsTaken, string Said)> TryAsync(StreamedEvent happened, CancellationToken cancellationToken)
    {
        var content = new ByteArrayContent(happened.Body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        using var request = new HttpRequestMessage(HttpMethod.Post, target) { Content = content };
        foreach (var (name, value) in WebhookSignature.HeadersOf(happened.Id, time.GetUtcNow(), happened.Body, [secret]))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var deadline = new CancellationTokenSource(AnswersWithin, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return (answer.IsSuccessStatusCode, $"{(int)answer.StatusCode}");
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return (false, deadline.IsCancellationRequested ? "no answer within 10 s" : $"not reached: {e.Message}");
        }
    }
}
