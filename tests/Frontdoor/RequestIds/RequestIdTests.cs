using System.Globalization;
using StellarPay.Frontdoor.Tests.Hosting;

namespace StellarPay.Frontdoor.Tests.RequestIds;

[Collection<WireCollection>]
public sealed class RequestIdTests(FrontdoorHost host)
{
    private const double SlowMilliseconds = 1000;
    private const int MostTries = 20;

    [Fact]
    public async Task A_request_has_an_id_of_its_own_in_the_answer_and_in_every_log_line()
    {
        var first = await host.Anonymous().GetAsync("/nothing");
        var second = await host.Anonymous().GetAsync("/nothing");

        first.RequestId.ShouldMatch("^req_[0-9a-f]{24}$");
        second.RequestId.ShouldNotBe(first.RequestId);
        foreach (var id in new[] { first.RequestId, second.RequestId })
        {
            (await UntilLoggedAsync(id)).ShouldHaveSingleItem().Category.ShouldEndWith("RequestIdMiddleware");
        }
    }

    [Fact]
    public async Task A_read_that_went_well_makes_no_line_for_people_and_a_refused_one_does()
    {
        var refused = await host.Anonymous().GetAsync("/nothing");

        // On a busy machine one may be slow, which is news; then its line says so, and the next is looked at.
        var line = await LineOfAsync("/health/live");
        for (var tries = 1; line is not null && tries < MostTries; tries++)
        {
            double.Parse(line.Split(' ')[^2], CultureInfo.InvariantCulture).ShouldBeGreaterThanOrEqualTo(SlowMilliseconds, line);
            line = await LineOfAsync("/health/live");
        }

        line.ShouldBeNull();
        (await UntilLoggedAsync(refused.RequestId)).ShouldHaveSingleItem()
            .Message.ShouldStartWith("GET (none) 404 in ");
    }

    // Its line is written once it is over, which the caller may know before.
    private async Task<LogLine[]> UntilLoggedAsync(string id)
    {
        LogLine[] lines = [];
        await Eventually.UntilAsync(
            () => Task.FromResult((lines = [.. host.Log.Lines.Where(line => line.Scopes.Contains($"request_id:{id}"))]).Length > 0),
            $"{id} is logged");
        return lines;
    }

    private async Task<string?> LineOfAsync(string path)
    {
        var answer = (await host.Anonymous().GetAsync(path)).ShouldBeOk();
        return host.Log.Lines.SingleOrDefault(line => line.Scopes.Contains($"request_id:{answer.RequestId}"))?.Message;
    }

    [Theory]
    [InlineData("my-request_42")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123")]
    public async Task The_caller_s_own_id_is_kept(string id) => (await SendAsync(id)).RequestId.ShouldBe(id);

    [Theory]
    [InlineData("")]
    [InlineData("has space")]
    [InlineData("a;b")]
    [InlineData("<script>")]
    [InlineData("01234567890123456789012345678901234567890123456789012345678901234")]
    public async Task An_id_that_is_not_sound_is_replaced(string id) => (await SendAsync(id)).RequestId.ShouldStartWith("req_");

    [Fact]
    public async Task Answers_tell_browsers_to_trust_little()
    {
        var answer = await host.Anonymous().GetAsync("/health/live");

        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        answer.Headers.GetValues("X-Frame-Options").ShouldBe(["DENY"]);
        answer.Headers.GetValues("Content-Security-Policy").Single().ShouldStartWith("default-src 'none'");
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
        answer.Headers.Server.ShouldBeEmpty();
    }

    private Task<Answer> SendAsync(string id)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/health/live");
        request.Headers.TryAddWithoutValidation("X-Request-Id", id);
        return host.Anonymous().SendAsync(request);
    }
}
