using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace StellarPay.Bench.Wallet.Load;

/// <summary>People who sign up, each waiting until the ledger has the account.</summary>
/// <param name="port">The front door's.</param>
/// <param name="watch">Tells what has happened.</param>
/// <param name="kind">What their addresses begin with; those of another kind differ.</param>
internal sealed class SignUpLoad(int port, EventWatch watch, string kind)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentQueue<Person> _people = new();
    private int _next;

    /// <summary>All who have signed up so far and whose wallets are active.</summary>
    public IReadOnlyCollection<Person> People => _people;

    /// <summary>From the request to the answer.</summary>
    public Series Answers { get; } = new();

    /// <summary>From the request until the wallet is active.</summary>
    public Series Active { get; } = new();

    private int Failed => Answers.Failed + Active.Failed;

    /// <summary>Measures with so many people at once; what happens before the process is warm does not count.</summary>
    public async Task<double> MeasureAsync(int atOnce, Func<Task> warm, TimeSpan during)
    {
        using var stop = new CancellationTokenSource();
        var working = Enumerable.Range(0, atOnce).Select(_ => WorkAsync(() => stop.IsCancellationRequested)).ToArray();
        await warm();
        Answers.Clear();
        Active.Clear();
        var began = Stopwatch.GetTimestamp();
        await Task.Delay(during);
        var rate = Active.Count / Stopwatch.GetElapsedTime(began).TotalSeconds;
        await stop.CancelAsync();
        await Task.WhenAll(working);
        return rate;
    }

    /// <summary>Goes on until there are so many people, and gives up when more sign-ups have failed than there are to be people.</summary>
    public async Task FillAsync(int people, int atOnce)
    {
        var most = Failed + people;
        await Task.WhenAll(Enumerable.Range(0, Math.Min(atOnce, Math.Max(0, people - _people.Count))).Select(
            _ => WorkAsync(() => _people.Count >= people || Failed > most)));
        if (_people.Count < people)
        {
            throw new InvalidOperationException(
                $"Sign-ups fail: {string.Join(", ", Answers.Errors.Concat(Active.Errors).Select(error => $"{error.Value} x {error.Key}"))}.");
        }
    }

    // By the code from the inbox of development; why not, if it fails.
    private static async Task<string?> ConfirmAsync(WireConnection connection, string email, string token)
    {
        var inbox = await connection.GetAsync($"/v1/dev/inbox?to={email}&wait=30", token);
        var messages = inbox.IsSuccess ? inbox.Json().GetProperty("data") : default;
        if (messages.ValueKind != JsonValueKind.Array || messages.GetArrayLength() == 0)
        {
            return "no code came within half a minute";
        }

        var code = messages[0].GetProperty("code").GetString();
        var confirmed = await connection.PostAsync("/v1/me/email/confirm", token, $$"""{"code":"{{code}}"}""");
        return confirmed.IsSuccess ? null : confirmed.ErrorCode();
    }

    private async Task WorkAsync(Func<bool> done)
    {
        using var connection = await WireConnection.OpenAsync(port);
        while (!done())
        {
            var number = Interlocked.Increment(ref _next).ToString(CultureInfo.InvariantCulture);
            var email = $"{kind}{number}@bench.example";
            var began = Stopwatch.GetTimestamp();
            var reply = await connection.PostAsync(
                "/v1/auth/signup", null, $$"""{"email":"{{email}}","password":"correct horse {{number}} battery"}""");
            if (!reply.IsSuccess)
            {
                Answers.Fail(reply.ErrorCode());
                continue;
            }

            Answers.Add(Stopwatch.GetElapsedTime(began));
            var session = reply.Json();
            var token = session.GetProperty("access_token").GetString()!;
            if (await ConfirmAsync(connection, email, token) is { } failure)
            {
                Active.Fail(failure);
                continue;
            }

            var opened = session.GetProperty("wallet");
            // While its writes have to wait, a silo opens no wallet: whoever asks for it next opens it.
            while ((opened.ValueKind == JsonValueKind.Null || opened.GetProperty("status").ValueEquals("unopened"))
                && Stopwatch.GetElapsedTime(began) < Patience)
            {
                var asked = await connection.GetAsync("/v1/wallet", token);
                opened = asked.IsSuccess ? asked.Json() : opened;
                await (asked.IsSuccess ? Task.CompletedTask : Task.Delay(AskAgain));
            }

            if (opened.ValueKind == JsonValueKind.Null)
            {
                Active.Fail("no wallet within a minute");
                continue;
            }

            var wallet = opened.GetProperty("id").GetString()!;
            try
            {
                await watch.ActivatedAsync(wallet).WaitAsync(Patience);
            }
            catch (TimeoutException)
            {
                Active.Fail("not active within a minute");
                continue;
            }

            Active.Add(Stopwatch.GetElapsedTime(began));
            _people.Enqueue(new Person(email, wallet, token));
        }
    }
}
