using System.Diagnostics;
using System.Globalization;

namespace StellarPay.Bench.Wallet.Load;

/// <summary>Makes one payment at a time, whole: quote, confirm, and the wait until both parties' books have it.</summary>
internal sealed class Payer(WireConnection connection, EventWatch watch, PaymentSeries series, Books books)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>Pays. False if it did not come about.</summary>
    /// <param name="from">Who pays, by number.</param>
    /// <param name="to">Who is paid, by number.</param>
    /// <param name="watchSubmission">Whether to ask, once it has ended, when the network had answered.</param>
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
        var (confirming, confirmingAt) = (Stopwatch.GetTimestamp(), TimeProvider.System.GetUtcNow());
        var confirmed = await PostAsync($"/v1/payments/{id}/confirm", payer.Token, "", key: id);
        if (!confirmed.IsSuccess)
        {
            series.Complete.Fail($"confirm: {confirmed.ErrorCode()}");
            return false;
        }

        series.Confirm.Add(Stopwatch.GetElapsedTime(confirming));
        var complete = await WaitUntilCompleteAsync(id, amount, stroops, (from, to), began);
        if (watchSubmission && complete)
        {
            series.Submitted.Add(await AnsweredAtAsync(payer, id) - confirmingAt);
        }

        return complete;
    }

    // While its writes have to wait, a silo refuses what would write; who is refused tries again, and that is in the times.
    private async Task<WireReply> PostAsync(string path, string token, string body, string? key = null)
    {
        while (true)
        {
            var reply = await connection.PostAsync(path, token, body, key);
            if (reply.IsSuccess || reply.ErrorCode() is not ("temporarily_unavailable" or "outcome_unknown"))
            {
                return reply;
            }

            await Task.Delay(RetryInterval);
        }
    }

    // Read when all is over, because a trace of what is under way asks the network, and would be part of the load. It is told in
    // the product's own time; that is this machine's.
    private async Task<DateTimeOffset> AnsweredAtAsync(Person payer, string id)
    {
        var trace = (await connection.GetAsync($"/v1/payments/{id}/trace", payer.Token)).Require("The payment's trace");
        return trace.GetProperty("steps").EnumerateArray()
            .First(step => step.GetProperty("step").GetString() is "submitted" or "on_ledger")
            .GetProperty("at").GetDateTimeOffset();
    }

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

    /// <summary>From the confirm request until the network's answer to the first submission, as the payment's trace tells it.</summary>
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
