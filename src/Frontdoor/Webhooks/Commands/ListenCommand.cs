using System.Runtime.InteropServices;
using StellarPay.Frontdoor.Webhooks.Endpoints;

namespace StellarPay.Frontdoor.Webhooks.Commands;

/// <summary>
/// <c>./stellarpay listen</c>: a merchant's events on a developer's machine, which nobody can call from outside. An event that the program
/// does not take is tried again, and none after it before it; its place is never passed by itself.
/// </summary>
internal static class ListenCommand
{
    private const string Forward = "--forward-to";
    private const string Events = "--events";
    private const string From = "--from";
    private const int Failed = 1;
    private const int WrongUsage = 2;

    private const string Usage =
        """
        usage: stellarpay listen [--forward-to URL] [--api-key sk_…] [--url URL] [--events TYPE,TYPE…] [--from evt_…]
          prints a merchant's events, and sends each to a URL, signed as a webhook; --api-key is STELLARPAY_API_KEY unless it is given
          --from is the last event that was taken: what came after it is told first; 0: all that are kept
        """;

    private static readonly TimeSpan ReconnectAfter = TimeSpan.FromSeconds(2);

    /// <summary>Runs until Ctrl-C, or until something is not taken.</summary>
    /// <returns>The process's exit code.</returns>
    public static async Task<int> RunAsync(string[] command)
    {
        using var stop = new CancellationTokenSource();
        void End(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }

        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        return await RunAsync(command, TimeProvider.System, Console.Out, pauses: null, stop.Token);
    }

    /// <param name="command">What stands behind <c>listen</c>.</param>
    /// <param name="time">The clock.</param>
    /// <param name="output">Where it says what it does.</param>
    /// <param name="pauses">How long it waits before each further try of an event; null: as usual.</param>
    /// <param name="stop">Ends it.</param>
    /// <returns>The process's exit code.</returns>
    public static async Task<int> RunAsync(
        string[] command, TimeProvider time, TextWriter output, TimeSpan[]? pauses, CancellationToken stop)
    {
        var arguments = CommandArguments.Read(command, Forward, Events, From, MerchantApi.KeyOption, MerchantApi.UrlOption);
        Uri? target = null;
        if (arguments is null || (arguments[Forward] is { } named && !MerchantApi.IsWeb(named, out target))
            || MerchantApi.Connect(arguments) is not { } api)
        {
            await Console.Error.WriteLineAsync(Usage);
            return WrongUsage;
        }

        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
        using (api)
        {
            var secret = WebhookSecret.New();
            var forwarder = target is null
                ? null
                : new EventForwarder(target, secret, http, time, output) { Pauses = pauses ?? EventForwarder.Usual };

            var query = string.Join('&', (arguments[Events] ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries)
                .Select(type => $"types[]={Uri.EscapeDataString(type)}"));
            var events = new StreamedEvents(api, query.Length > 0 ? $"?{query}" : "", time);
            if (forwarder is not null)
            {
                await output.WriteLineAsync($"Events are sent to {target}, signed with {WebhookSecret.TextOf(secret)}");
            }

            try
            {
                return await ListenAsync(events, forwarder, arguments[From], time, output, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return 0;
            }
            catch (StreamRefusedException e)
            {
                await Console.Error.WriteLineAsync($"stellarpay: {e.Message}");
                return Failed;
            }
        }
    }

    private static async Task<int> ListenAsync(
        StreamedEvents events, EventForwarder? forwarder, string? from, TimeProvider time, TextWriter output, CancellationToken stop)
    {
        var after = from;
        while (true)
        {
            try
            {
                if (after is null)
                {
                    after = await events.NewestAsync(stop);
                    await output.WriteLineAsync($"Listening, from {(after == "0" ? "the first event" : after)} on.");
                }

                await foreach (var happened in events.ReadAsync(after, stop))
                {
                    await output.WriteLineAsync($"{time.GetLocalNow():HH:mm:ss} {happened.Id} {happened.Type}");
                    if (forwarder is not null && !await forwarder.SendAsync(happened, stop))
                    {
                        await output.WriteLineAsync($"{happened.Id} was not taken, and nothing after it is sent. To go on with it: --from {after}");
                        return Failed;
                    }

                    after = happened.Id;
                }

                await output.WriteLineAsync("The stream ended; listening again.");
            }
            catch (Exception e) when (e is HttpRequestException or IOException && !stop.IsCancellationRequested)
            {
                await output.WriteLineAsync($"{e.Message} Listening again.");
            }

            await Task.Delay(ReconnectAfter, time, stop);
        }
    }
}
