using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StellarPay.Frontdoor.RateLimits;
using StellarPay.Frontdoor.Tests.Hosting;
using StellarPay.Grains.Identifiers;
using StellarPay.Tests;

namespace StellarPay.Frontdoor.Tests.RateLimits;

/// <summary>Who asks very much at once, or makes up very many names, takes nothing from his neighbours or from who is known.</summary>
public sealed class CrowdLimitTests
{
    private readonly TestClock _clock = new();
    private readonly FakeGrains _grains = new();

    public CrowdLimitTests() => _grains.RateLimits.Clock = _clock;

    // The bug kept away: each of a thousand requests at once took of the range before its own network refused it, and nobody else in that
    // range could log in for a minute, or have a code for an hour.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task However_many_requests_of_one_network_come_at_once_its_neighbours_have_what_they_had(bool isNew)
    {
        var table = NewTable();
        var (block, site, network) = (RateLimit.AMinute("block", 40), RateLimit.AMinute("site", 20), RateLimit.AMinute("network", 4));
        ValueTask<TimeSpan?> Take(string who) => table.TakeAsync(new(block, "a block"), new(site, "a site"), new LimitedKey(network, who));
        var let = 0;
        if (!isNew)
        {
            (await Take("many")).ShouldBeNull();
            let = 1;
        }

        var answers = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(_ => Take("many").AsTask()));

        (let + answers.Count(wait => wait is null)).ShouldBe(4);
        for (var i = 0; i < 16; i++)
        {
            (await Take($"neighbour {i % 4}")).ShouldBeNull($"the request {i} of neighbours");
        }

        (await Take("neighbour 9")).ShouldNotBeNull("the site's are used up");
    }

    [Fact]
    public async Task Requests_of_many_new_networks_at_once_are_let_through_and_make_no_more_keys_than_their_site_allows()
    {
        var table = NewTable();
        var (site, network) = (RateLimit.AMinute("site", 20), RateLimit.AMinute("network", 4));

        var answers = await Task.WhenAll(Enumerable.Range(0, 500).Select(
            i => table.TakeAsync(new(site, "a site"), new LimitedKey(network, $"network {i}")).AsTask()));

        answers.Count(wait => wait is null).ShouldBe(20);
        table.SizeOf("network").ShouldBe(20);
    }

    // The bug kept away: names that a botnet made up filled the limit of logins, and all who were new shared 1,024 places with the rest of
    // them, those among them who had shown a passkey or came with a known device.
    [Fact]
    public async Task Made_up_names_of_a_botnet_keep_nobody_from_logging_in()
    {
        var limit = new AccountRateLimit(NewTable(), Options.Create(new RateLimitOptions { LoginPerAccount = 1 }), new byte[32]);
        for (var i = 0; i < RateLimitTable.MostKeys + 10_000; i++)
        {
            await limit.TakeAsync($"made-up-{i}@example.com", At(i));
        }

        for (var i = 0; i < 20; i++)
        {
            (await limit.TakeAsync($"somebody-{i}@example.com", At(i))).ShouldBeNull();
            (await limit.TakeAsync(UserId.Parse($"usr_{i:000000000000000000000000}"))).ShouldBeNull();
            (await limit.TakeAsync([(byte)i])).ShouldBeNull();
        }

        // Whose key there is room for is held to it.
        (await limit.TakeAsync([1])).ShouldNotBeNull();
        (await limit.TakeAsync("made-up-7@example.com", At(7))).ShouldNotBeNull();
    }

    private static ClientAddress At(int number) =>
        ClientAddress.Of(new IPAddress([203, (byte)((number >> 8) & 0xFF), (byte)(number & 0xFF), 1]));

    private RateLimitTable NewTable() => new(
        new RateLimitGrains(_grains.Factory, Options.Create(new RateLimitOptions()), _clock, NullLogger<RateLimitGrains>.Instance), _clock);
}
