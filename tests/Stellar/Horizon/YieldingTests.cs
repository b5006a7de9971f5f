using System.Net;
using StellarPay.Stellar.Horizon;

namespace StellarPay.Stellar.Tests.Horizon;

/// <summary>A client that yields leaves a share of what Horizon allows to the one that it was made of.</summary>
public sealed class YieldingTests : HorizonTest
{
    private const string NotThere = """{"status":404,"title":"Resource Missing"}""";

    [Fact]
    public async Task A_client_that_yields_stops_at_its_share_and_the_other_goes_on()
    {
        Allow(left: 51).Answer(HttpStatusCode.NotFound, NotThere, Left(50)).Answer(HttpStatusCode.NotFound, NotThere, Left(49));
        var client = Client();
        var yielding = client.Yielding(50);
        await client.Ledgers.GetAsync(1, Cancelled);
        await yielding.Ledgers.GetAsync(2, Cancelled);

        var withheld = await Should.ThrowAsync<HorizonException>(() => yielding.Ledgers.GetAsync(3, Cancelled));

        (withheld.IsWithheld, withheld.IsTransient, withheld.RetryAfter).ShouldBe((true, true, TimeSpan.FromSeconds(15)));
        (await client.Ledgers.GetAsync(4, Cancelled)).ShouldBeNull();
        Handler.Requests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task When_all_is_there_again_it_asks_again()
    {
        Allow(left: 20).Answer(HttpStatusCode.NotFound, NotThere, Left(99));
        var client = Client();
        await client.Ledgers.GetAsync(1, Cancelled);
        var yielding = client.Yielding(50);
        await Should.ThrowAsync<HorizonException>(() => yielding.Ledgers.GetAsync(2, Cancelled));

        Time.Advance(TimeSpan.FromSeconds(15));

        (await yielding.Ledgers.GetAsync(3, Cancelled)).ShouldBeNull();
    }

    [Fact]
    public async Task Where_nobody_else_asks_it_finds_out_by_itself_and_seldom_that_more_is_allowed_again()
    {
        (string, string)[] used = [("X-RateLimit-Limit", "100"), ("X-RateLimit-Remaining", "50"), ("X-RateLimit-Reset", "1800")];
        (string, string)[] more = [("X-RateLimit-Limit", "100"), ("X-RateLimit-Remaining", "99"), ("X-RateLimit-Reset", "1")];
        Handler.Answer(HttpStatusCode.NotFound, NotThere, used).Answer(HttpStatusCode.NotFound, NotThere, used)
            .Answer(HttpStatusCode.NotFound, NotThere, more).Answer(HttpStatusCode.NotFound, NotThere, more);
        var client = Client();
        await client.Ledgers.GetAsync(1, Cancelled);
        var yielding = client.Yielding(50);
        (await Should.ThrowAsync<HorizonException>(() => yielding.Ledgers.GetAsync(2, Cancelled))).IsWithheld.ShouldBeTrue();

        Time.Advance(TimeSpan.FromSeconds(15));
        (await yielding.Ledgers.GetAsync(3, Cancelled)).ShouldBeNull();
        (await Should.ThrowAsync<HorizonException>(() => yielding.Ledgers.GetAsync(4, Cancelled))).IsWithheld.ShouldBeTrue();
        Time.Advance(TimeSpan.FromSeconds(15));
        (await yielding.Ledgers.GetAsync(5, Cancelled)).ShouldBeNull();
        (await yielding.Ledgers.GetAsync(6, Cancelled)).ShouldBeNull();
    }

    [Fact]
    public async Task What_it_has_under_way_counts_before_an_answer_tells()
    {
        Allow(left: 51).Hang();
        var client = Client();
        await client.Ledgers.GetAsync(1, Cancelled);
        var yielding = client.Yielding(50);
        using var stop = new CancellationTokenSource();
        var first = yielding.Ledgers.GetAsync(2, stop.Token);

        (await Should.ThrowAsync<HorizonException>(() => yielding.Ledgers.GetAsync(3, Cancelled))).IsWithheld.ShouldBeTrue();

        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => first);
        Handler.Answer(HttpStatusCode.NotFound, NotThere, Left(50));
        (await yielding.Ledgers.GetAsync(4, Cancelled)).ShouldBeNull();
    }

    [Fact]
    public async Task A_Horizon_without_a_limit_is_asked_by_everybody()
    {
        Handler.Answer(HttpStatusCode.NotFound, NotThere).Answer(HttpStatusCode.NotFound, NotThere);
        var yielding = Client().Yielding(50);

        (await yielding.Ledgers.GetAsync(1, Cancelled)).ShouldBeNull();
        (await yielding.Ledgers.GetAsync(2, Cancelled)).ShouldBeNull();
    }

    [Fact]
    public async Task A_submission_is_sent_though_reads_used_the_limit_up()
    {
        Allow(left: 0).Answer(HttpStatusCode.Created, $$"""{"tx_status":"PENDING","hash":"{{HashHex}}"}""");
        var client = Client();
        await client.Ledgers.GetAsync(1, Cancelled);

        (await client.Transactions.SubmitWithoutWaitingAsync("AAAA", Cancelled)).IsQueued.ShouldBeTrue();
    }

    [Fact]
    public async Task A_read_that_was_refused_holds_no_submission_but_a_submission_does()
    {
        Handler.Answer(HttpStatusCode.TooManyRequests, "{}", ("Retry-After", "3600"))
            .Answer(HttpStatusCode.TooManyRequests, "{}", ("Retry-After", "20"));
        var client = Client();
        await Should.ThrowAsync<HorizonException>(() => client.Ledgers.GetAsync(1, Cancelled));

        (await client.Transactions.SubmitAsync("AAAA", Cancelled)).HttpStatus.ShouldBe(429);
        (await client.Transactions.SubmitAsync("AAAA", Cancelled)).RetryAfter.ShouldBe(TimeSpan.FromSeconds(20));

        Handler.Requests.Count.ShouldBe(2);
    }

    private static (string, string)[] Left(int left) =>
        [("X-RateLimit-Limit", "100"), ("X-RateLimit-Remaining", $"{left}"), ("X-RateLimit-Reset", "15")];

    private ScriptedHandler Allow(int left) => Handler.Answer(HttpStatusCode.NotFound, NotThere, Left(left));
}
