using System.Diagnostics;
using System.Globalization;

namespace StellarPay.Bench.Wallet.Load;

/// <summary>Makes one payment at a time, whole: quote, confirm, and the wait until both parties' books have it.</summary>
internal sealed class Payer(WireConnection connection, EventWatch watch, PaymentSeries series, Books books)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(2);

    /// <summary>Pays. False if it did not come about.</summary>
    /// <param name="from">Who pays, by number.</param>
    /// <param name="to">Who is paid, by number.</param>
    /// <param name="watchSubmission">Whether to ask for the trace until the network has answered.</param>
    public async Task<bool> PayAsync(int from, int to, bool watchSubmission)
    {
        var stroops = books.NextAmount();
        var amount = Text(stroops);
        var payer = books.People[from];
        var began = Stopwatch.GetTimestamp();
        var quote = await PostAsync(
            "/v1/payments", payer.Token, $$"""{"recipient":"{{books.People[to].Email}}","asset":"XLM","amount":"{{amount}}"}""");
        if (!quote.IsSuccess)
        {
            series.Complete.Fail($"quote: {quote.ErrorCode()}");
            return false;
        }

        series.Quote.Add(Stopwatch.GetElapsedTime(began));
        var id = quote.Json().GetProperty("id").GetString()!;
        var confirming = Stopwatch.GetTimestamp();
        var confirmed = await PostAsync($"/v1/payments/{id}/confirm", payer.Token, "");
        if (!confirmed.IsSuccess)
        {
            series.Complete.Fail($"confirm: {confirmed.ErrorCode()}");
            return false;
        }

        series.Confirm.Add(Stopwatch.GetElapsedTime(confirming));
        if (watchSubmission)
        {
            await WaitUntilSubmittedAsync(payer, id);
            series.Submitted.Add(Stopwatch.GetElapsedTime(confirming));
        }

        return await WaitUntilCompleteAsync(id, amount, stroops, (from, to), began);
    }

    // While its writes have to wait, a silo refuses what would write; who is refused tries again, and that is in the times.
    private async Task<WireReply> PostAsync(string path, string token, string body)
    {
        while (true)
        {
            var reply = await connection.PostAsync(path, token, body);
            if (reply.IsSuccess || reply.ErrorCode() != "temporarily_unavailable")
            {
                return reply;
            }

            await Task.Delay(RetryInterval);
        }
    }

    // That the network has answered is stored with the payment's end, and until then only the trace knows it.
    private async Task WaitUntilSubmittedAsync(Person payer, string id)
    {
        while (!IsSubmitted(await connection.GetAsync($"/v1/payments/{id}/trace", payer.Token)))
        {
            await Task.Delay(PollInterval);
        }
    }

    private static bool IsSubmitted(WireReply reply) => reply.Require("The payment's trace").GetProperty("steps").EnumerateArray()
        .Any(step => step.GetProperty("step").GetString() is "submitted" or "on_ledger");

    private async Task<bool> WaitUntilCompleteAsync(string id, string amount, long stroops, (int From, int To) parties, long began)
    {
        try
        {
            var failure = await watch.EndedAsync(id).WaitAsync(Patience);
            if (failure.Length > 0)
            {
                series.Complete.Fail($"payment: {failure}");
                return false;
            }

            await watch.CreditedAsync(amount).WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            series.Complete.Fail("not complete within a minute");
            return false;
        }

        series.Complete.Add(Stopwatch.GetElapsedTime(began));
        books.Enter(parties.From, parties.To, stroops);
        return true;
    }

    private static string Text(long stroops) => string.Create(
        CultureInfo.InvariantCulture, $"{stroops / 10_000_000}.{stroops % 10_000_000:D7}");
}

/// <summary>How long the steps of payments took.</summary>
internal sealed class PaymentSeries
{
    public Series Quote { get; } = new();

    public Series Confirm { get; } = new();

    /// <summary>From the confirm request until the trace showed the network's answer to the first submission.</summary>
    public Series Submitted { get; } = new();

    /// <summary>From the quote request until both parties' events stood in the database.</summary>
    public Series Complete { get; } = new();

    public void Clear()
    {
        Quote.Clear();
        Confirm.Clear();
        Submitted.Clear();
        Complete.Clear();
    }
}
