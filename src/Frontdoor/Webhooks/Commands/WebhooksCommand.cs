using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using StellarPay.Frontdoor.Webhooks.Endpoints;

namespace StellarPay.Frontdoor.Webhooks.Commands;

/// <summary><c>./stellarpay webhooks replay</c>: has an endpoint sent again what happened since an event or a time.</summary>
internal static class WebhooksCommand
{
    private const string Endpoint = "--endpoint";
    private const string FromEvent = "--from-event";
    private const string FromTime = "--from-time";
    private const int Failed = 1;
    private const int WrongUsage = 2;

    private const string Usage =
        """
        usage: stellarpay webhooks replay --endpoint we_… (--from-event evt_… | --from-time TIME) [--api-key sk_…] [--url URL]
          TIME is as 2026-11-28T12:00:00Z; --api-key is STELLARPAY_API_KEY unless it is given
        """;

    /// <returns>The process's exit code.</returns>
    public static async Task<int> RunAsync(string[] command, TextWriter output, CancellationToken stop)
    {
        var arguments = command is ["replay", .. var rest]
            ? CommandArguments.Read(rest, Endpoint, FromEvent, FromTime, MerchantApi.KeyOption, MerchantApi.UrlOption)
            : null;
        long? second = null;
        if (arguments?[Endpoint] is not { } endpoint || arguments[FromEvent] is null == arguments[FromTime] is null
            || (arguments[FromTime] is { } time && (second = SecondOf(time)) is null)
            || MerchantApi.Connect(arguments) is not { } api)
        {
            await Console.Error.WriteLineAsync(Usage);
            return WrongUsage;
        }

        using (api)
        {
            try
            {
                using var answer = await api.PostAsJsonAsync(
                    $"{WebhookEndpointsApi.Path}/{Uri.EscapeDataString(endpoint)}/replay",
                    new Dictionary<string, object?> { ["from_event"] = arguments[FromEvent], ["from_time"] = second }, stop);
                if (!answer.IsSuccessStatusCode)
                {
                    await Console.Error.WriteLineAsync($"stellarpay: {await MerchantApi.ProblemOfAsync(answer, stop)}");
                    return Failed;
                }

                using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(stop));
                await output.WriteLineAsync($"{body.RootElement.GetProperty("events").GetInt64()} events are looked through, and those that {endpoint} takes are sent again.");
                return 0;
            }
            catch (HttpRequestException e)
            {
                await Console.Error.WriteLineAsync($"stellarpay: {e.Message}");
                return Failed;
            }
        }
    }

    private static long? SecondOf(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time.ToUnixTimeSeconds()
            : null;
}
