using System.Net;
using StellarPay.Stellar.Horizon;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Stellar.Tests.Horizon;

public sealed class StreamTests : HorizonTest
{
    private const string Hello = "retry: 1000\nevent: open\ndata: \"hello\"\n\n";

    [Fact]
    public async Task Payments_are_streamed_with_their_memos()
    {
        using var stream = new ScriptedStream().Send(Hello).Send(Event(5, joined: true));
        Handler.Stream(stream);
        var query = new OperationsQuery { JoinTransactions = true };
        await using var payments = Client().Operations.StreamPaymentsAsync(query, "4", Cancelled).GetAsyncEnumerator(Cancelled);

        (await payments.MoveNextAsync()).ShouldBeTrue();
        var payment = payments.Current.ShouldBeOfType<PaymentRecord>();
        payment.PagingToken.ShouldBe("5");
        payment.To.AccountId.ToString().ShouldBe(B);
        payment.Amount.ShouldBe(125_000_000);
        payment.Transaction.ShouldNotBeNull().Memo.ShouldBe(new MemoText("pay_01"));
        Handler.Requests.ShouldBe(["GET http://one.example/payments?join=transactions&cursor=4"]);
    }

    [Fact]
    public async Task A_stream_of_an_account_asks_for_that_account()
    {
        using var stream = new ScriptedStream().Send(Hello).Send(Event(5));
        Handler.Stream(stream);
        var query = new OperationsQuery { Account = AccountId.Parse(A), IncludeFailed = true };
        await Take(Client().Operations.StreamAsync(query, "0", Cancelled), 1);
        Handler.Requests.ShouldBe([$"GET http://one.example/accounts/{A}/operations?include_failed=true&cursor=0"]);
    }

    [Fact]
    public async Task Events_are_read_however_the_bytes_are_cut()
    {
        using var stream = new ScriptedStream();
        var text = Hello.Replace("\n", "\r\n", StringComparison.Ordinal) + ": a comment\r\n\r\n" + Event(5) + Event(6);
        foreach (var character in text)
        {
            stream.Send(character.ToString());
        }
        Handler.Stream(stream);
        (await Take(Client().Operations.StreamPaymentsAsync(OperationsQuery.Network, "0", Cancelled), 2)).ShouldBe(["5", "6"]);
    }

    [Fact]
    public async Task A_stream_that_ends_goes_on_from_its_last_record()
    {
        using var first = new ScriptedStream().Send(Hello).Send(Event(5)).Send("event: close\ndata: \"byebye\"\n\n").End();
        using var second = new ScriptedStream().Send(Hello).Send(Event(6));
        Handler.Stream(first).Stream(second);
        var taking = Take(Client().Operations.StreamPaymentsAsync(OperationsQuery.Network, "4", Cancelled), 2);
        await Time.WaitForTimerAsync(TimeSpan.FromSeconds(1));
        Time.Advance(TimeSpan.FromSeconds(1));
        (await taking).ShouldBe(["5", "6"]);
        Handler.Requests.ShouldBe(
            ["GET http://one.example/payments?cursor=4", "GET http://one.example/payments?cursor=5"]);
    }

    [Fact]
    public async Task A_record_that_comes_again_is_given_once()
    {
        using var first = new ScriptedStream().Send(Event(5)).Send(Event(5)).Send(Event(4)).Send(Event(10)).Send(Event(9));
        Handler.Stream(first.Send(Event(11)));
        (await Take(Client().Operations.StreamPaymentsAsync(OperationsQuery.Network, "4", Cancelled), 3)).ShouldBe(["5", "10", "11"]);
    }

    [Fact]
    public async Task A_stream_that_breaks_goes_on_at_the_next_URL()
    {
        using var first = new ScriptedStream().Send(Event(5)).Send("data: {\"half").Break();
        using var second = new ScriptedStream().Send(Event(6));
        Handler.Stream(first).Stream(second);
        var client = Client("http://one.example", "http://two.example");
        var taking = Take(client.Operations.StreamPaymentsAsync(OperationsQuery.Network, "4", Cancelled), 2);
        await Time.WaitForTimerAsync(TimeSpan.FromSeconds(1));
        Time.Advance(TimeSpan.FromSeconds(1));
        (await taking).ShouldBe(["5", "6"]);
        Handler.Requests.ShouldBe(
            ["GET http://one.example/payments?cursor=4", "GET http://two.example/payments?cursor=5"]);
    }

    // A connection that a firewall forgot never ends by itself.
    [Fact]
    public async Task A_stream_gone_silent_is_opened_again()
    {
        using var silent = new ScriptedStream().Send(Hello);
        using var second = new ScriptedStream().Send(Event(6));
        Handler.Stream(silent).Stream(second);
        var taking = Take(Client().Operations.StreamPaymentsAsync(OperationsQuery.Network, "4", Cancelled), 1);
        await Time.WaitForTimerAsync(TimeSpan.FromSeconds(90));
        await silent.Drained;
        Time.Advance(TimeSpan.FromSeconds(90));
        await Time.WaitForTimerAsync(TimeSpan.FromSeconds(1));
        Time.Advance(TimeSpan.FromSeconds(1));
        (await taking).ShouldBe(["6"]);
    }

    [Fact]
    public async Task A_busy_Horizon_is_asked_again_with_growing_pauses()
    {
        Handler.Answer(HttpStatusCode.ServiceUnavailable, "{}").Answer(HttpStatusCode.ServiceUnavailable, "{}");
        Handler.Answer(HttpStatusCode.TooManyRequests, "{}", ("Retry-After", "12"));
        using var stream = new ScriptedStream().Send(Event(6));
        Handler.Stream(stream);
        var taking = Take(Client().Operations.StreamPaymentsAsync(OperationsQuery.Network, "4", Cancelled), 1);
        foreach (var pause in new[] { 0.375, 0.75, 12 })
        {
            await Time.WaitForTimerAsync(TimeSpan.FromSeconds(pause));
            Time.Advance(TimeSpan.FromSeconds(pause));
        }
        (await taking).ShouldBe(["6"]);
        Handler.Requests.Count.ShouldBe(4);
    }

    [Fact]
    public async Task A_stream_that_is_refused_for_good_ends_with_the_refusal()
    {
        Handler.Answer(HttpStatusCode.BadRequest, """{"title":"Bad Request","status":400}""");
        var stream = Client().Operations.StreamPaymentsAsync(OperationsQuery.Network, "x", Cancelled);
        var failure = await Should.ThrowAsync<HorizonException>(() => Take(stream, 1));
        failure.Message.ShouldBe("Horizon answered 400: Bad Request.");
    }

    // Skipping it would lose money without a word.
    [Fact]
    public async Task A_record_that_cannot_be_understood_ends_the_stream()
    {
        using var stream = new ScriptedStream().Send("data: {\"type\":\"payment\"}\n\n");
        Handler.Stream(stream);
        var failure = await Should.ThrowAsync<HorizonException>(
            () => Take(Client().Operations.StreamPaymentsAsync(OperationsQuery.Network, "0", Cancelled), 1));
        failure.Message.ShouldStartWith("Horizon's answer could not be understood: ");
    }

    [Fact]
    public async Task An_event_above_the_limit_ends_the_stream()
    {
        using var stream = new ScriptedStream().Send("data: " + new string('x', 5000));
        Handler.Stream(stream);
        var client = Client(options => options with { MaxStreamEventBytes = 4096 });
        var failure = await Should.ThrowAsync<HorizonException>(
            () => Take(client.Operations.StreamPaymentsAsync(OperationsQuery.Network, "0", Cancelled), 1));
        failure.Message.ShouldBe("An event of Horizon's stream is longer than 4096 bytes.");
    }

    // Lines without an end of their event fill memory as one long line does.
    [Fact]
    public async Task An_event_of_many_short_lines_has_the_same_limit()
    {
        using var stream = new ScriptedStream();
        for (var line = 0; line < 600; line++)
        {
            stream.Send("data: 1\r\n");
        }
        Handler.Stream(stream);
        var client = Client(options => options with { MaxStreamEventBytes = 4096 });
        var failure = await Should.ThrowAsync<HorizonException>(
            () => Take(client.Operations.StreamPaymentsAsync(OperationsQuery.Network, "0", Cancelled), 1));
        failure.Message.ShouldBe("An event of Horizon's stream is longer than 4096 bytes.");
    }

    [Fact]
    public async Task Many_events_and_comments_are_together_as_long_as_they_like()
    {
        using var stream = new ScriptedStream();
        for (var id = 1; id <= 10; id++)
        {
            stream.Send(Event(id)).Send(string.Concat(Enumerable.Repeat(": a proxy keeps the connection open\n", 200)));
        }
        Handler.Stream(stream);
        var client = Client(options => options with { MaxStreamEventBytes = 4096 });
        (await Take(client.Operations.StreamPaymentsAsync(OperationsQuery.Network, "0", Cancelled), 10)).Count.ShouldBe(10);
    }

    // Half a record is not a record that cannot be understood: the connection broke.
    [Fact]
    public async Task An_event_that_the_end_cuts_off_is_asked_for_again()
    {
        using var first = new ScriptedStream().Send(Event(5)).Send(Event(6)[..60]).End();
        using var second = new ScriptedStream().Send(Event(6));
        Handler.Stream(first).Stream(second);
        var taking = Take(Client().Operations.StreamPaymentsAsync(OperationsQuery.Network, "4", Cancelled), 2);
        await Time.WaitForTimerAsync(TimeSpan.FromSeconds(1));
        Time.Advance(TimeSpan.FromSeconds(1));
        (await taking).ShouldBe(["5", "6"]);
    }

    // Horizon says how long to wait, in milliseconds, with its hello.
    [Fact]
    public async Task A_stream_that_ends_waits_as_long_as_Horizon_said()
    {
        using var first = new ScriptedStream().Send("retry: 7000\nevent: open\ndata: \"hello\"\n\n").End();
        using var second = new ScriptedStream().Send(Event(5));
        Handler.Stream(first).Stream(second);
        var taking = Take(Client().Operations.StreamPaymentsAsync(OperationsQuery.Network, "4", Cancelled), 1);
        await Time.WaitForTimerAsync(TimeSpan.FromSeconds(7));
        Time.Advance(TimeSpan.FromSeconds(6.9));
        Handler.Requests.Count.ShouldBe(1);
        Time.Advance(TimeSpan.FromSeconds(0.1));
        (await taking).ShouldBe(["5"]);
    }

    // Else a stream that breaks before its first record forgets what happened meanwhile.
    [Fact]
    public async Task Now_is_made_a_cursor_before_the_stream_begins()
    {
        Handler.Answer(HttpStatusCode.OK, $$$"""{"_embedded":{"records":[{{{Payment(41)}}}]}}""");
        using var stream = new ScriptedStream().Send(Event(42));
        Handler.Stream(stream);
        (await Take(Client().Operations.StreamPaymentsAsync(OperationsQuery.Network, HorizonClient.Now, Cancelled), 1)).ShouldBe(["42"]);
        Handler.Requests.ShouldBe(
        [
            "GET http://one.example/payments?order=desc&limit=1",
            "GET http://one.example/payments?cursor=41",
        ]);
    }

    [Fact]
    public async Task The_callers_cancellation_ends_the_stream()
    {
        using var source = new CancellationTokenSource();
        using var stream = new ScriptedStream().Send(Hello);
        Handler.Stream(stream);
        var taking = Take(Client().Operations.StreamPaymentsAsync(OperationsQuery.Network, "0", source.Token), 1);
        await stream.Drained;
        await source.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => taking);
    }

    private static async Task<List<string>> Take(IAsyncEnumerable<OperationRecord> stream, int count)
    {
        var tokens = new List<string>();
        await foreach (var record in stream)
        {
            tokens.Add(record.PagingToken);
            if (tokens.Count == count)
            {
                break;
            }
        }
        return tokens;
    }

    private static string Event(long id, bool joined = false) => $"id: {id}\ndata: {Payment(id, joined)}\n\n";

    private static string Payment(long id, bool joined = false) => OperationSamples.Payment(id, joined);
}
