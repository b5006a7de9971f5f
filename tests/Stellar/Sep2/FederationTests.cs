using System.Net;
using Microsoft.Extensions.Time.Testing;
using StellarPay.Stellar.Domains;
using StellarPay.Stellar.Sep1;
using StellarPay.Stellar.Sep2;
using StellarPay.Stellar.Tests.Horizon;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Stellar.Tests.Sep2;

public sealed class FederationTests : IDisposable
{
    private const string Account = "GA7QYNF7SOWQ3GLR2BGMZEHXAVIRZA4KVWLTJJFC7MGXUA74P7UJVSGZ";
    private const string Toml = "FEDERATION_SERVER=\"https://fed.example.com/federation\"";
    private readonly ScriptedHandler _handler = new();
    private readonly HttpClient _http;
    private readonly FederationClient _client;

    public FederationTests()
    {
        _http = new HttpClient(_handler);
        _client = new FederationClient(_http, new FakeTimeProvider());
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _http.Dispose();

    [Theory]
    [InlineData("bob*stellar.org", "bob", "stellar.org")]
    [InlineData("maria@gmail.com*stellar.org", "maria@gmail.com", "stellar.org")]
    [InlineData("+14155550100*Stellar.ORG", "+14155550100", "stellar.org")]
    [InlineData("jürgen*sub.example.co", "jürgen", "sub.example.co")]
    public void An_address_is_a_name_and_a_domain(string text, string name, string domain) =>
        FederationAddress.Parse(text).ShouldBe(new FederationAddress(name, domain));

    [Theory]
    [InlineData("")]
    [InlineData("bob")]
    [InlineData("*stellar.org")]
    [InlineData("bob*")]
    [InlineData("bob*localhost")]
    [InlineData("bob*10.0.0.1")]
    [InlineData("bob*a*b.org")]
    [InlineData("bo b*stellar.org")]
    [InlineData("bo>b*stellar.org")]
    [InlineData("bob*stellar.org/x")]
    [InlineData("bob*stellar.org:80")]
    [InlineData("bob*-stellar.org")]
    [InlineData("bob*stellar..org")]
    [InlineData("bob\u0000*stellar.org")]
    public void What_is_no_address_is_refused(string text)
    {
        FederationAddress.TryParse(text, out _).ShouldBeFalse();
        Should.Throw<FormatException>(() => FederationAddress.Parse(text));
    }

    [Fact]
    public async Task An_address_is_resolved_by_the_server_that_its_domain_names()
    {
        _handler.Answer(HttpStatusCode.OK, Toml)
            .Answer(HttpStatusCode.OK, $$"""{"stellar_address":"a+b*example.com","account_id":"{{Account}}","memo_type":"id","memo":"123"}""");
        var record = await _client.ResolveAsync(FederationAddress.Parse("a+b*example.com"), Cancelled);
        record.ShouldBe(new FederationRecord(AccountId.Parse(Account), new MemoId(123), "a+b*example.com"));
        _handler.Requests.ShouldBe(
        [
            "GET https://example.com/.well-known/stellar.toml",
            "GET https://fed.example.com/federation?q=a%2Bb%2Aexample.com&type=name",
        ]);
    }

    [Fact]
    public async Task Accounts_and_transactions_are_asked_for_the_other_way_round()
    {
        var answer = $$"""{"account_id":"{{Account}}"}""";
        _handler.Answer(HttpStatusCode.OK, answer).Answer(HttpStatusCode.OK, answer);
        var server = new Uri("https://fed.example.com/federation?key=1");
        (await _client.ResolveAccountAsync(server, AccountId.Parse(Account), Cancelled)).ShouldNotBeNull().Memo.ShouldBe(Memo.None);
        await _client.ResolveTransactionAsync(server, default, Cancelled);
        _handler.Requests.ShouldBe(
        [
            $"GET https://fed.example.com/federation?key=1&q={Account}&type=id",
            $"GET https://fed.example.com/federation?key=1&q={new string('0', 64)}&type=txid",
        ]);
    }

    [Fact]
    public async Task Who_is_not_known_is_null()
    {
        var address = FederationAddress.Parse("bob*example.com");
        _handler.Answer(HttpStatusCode.NotFound, "");
        (await _client.ResolveAsync(address, Cancelled)).ShouldBeNull();
        _handler.Answer(HttpStatusCode.OK, "");
        (await _client.ResolveAsync(address, Cancelled)).ShouldBeNull();
        _handler.Answer(HttpStatusCode.OK, Toml).Answer(HttpStatusCode.NotFound, "{}");
        (await _client.ResolveAsync(address, Cancelled)).ShouldBeNull();
    }

    // A memo that is dropped sends the money to everyone's shared account.
    [Theory]
    [InlineData("""{"account_id":"@","memo_type":"id","memo":"-1"}""")]
    [InlineData("""{"account_id":"@","memo_type":"id"}""")]
    [InlineData("""{"account_id":"@","memo":"12"}""")]
    [InlineData("""{"account_id":"@","memo_type":"hash","memo":"AA=="}""")]
    [InlineData("""{"account_id":"@","memo_type":"text","memo":"12345678901234567890123456789"}""")]
    [InlineData("""{"account_id":"@","memo_type":"new","memo":"1"}""")]
    [InlineData("""{"account_id":"S"}""")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("<html>")]
    public async Task An_answer_that_cannot_be_understood_is_an_error(string answer)
    {
        _handler.Answer(HttpStatusCode.OK, Toml)
            .Answer(HttpStatusCode.OK, answer.Replace("@", Account, StringComparison.Ordinal));
        var failure = await Should.ThrowAsync<DomainException>(
            () => _client.ResolveAsync(FederationAddress.Parse("bob*example.com"), Cancelled));
        failure.Message.ShouldContain("fed.example.com");
    }

    [Fact]
    public async Task A_domain_that_fails_is_named()
    {
        var toml = new StellarTomlClient(_http, new FakeTimeProvider());
        _handler.Fail(new HttpRequestException("refused"));
        (await Should.ThrowAsync<DomainException>(() => toml.FetchAsync("example.com", Cancelled)))
            .Message.ShouldBe("example.com could not be reached.");
        _handler.Answer(HttpStatusCode.BadGateway, "");
        (await Should.ThrowAsync<DomainException>(() => toml.FetchAsync("example.com", Cancelled)))
            .Message.ShouldBe("example.com answered 502 for its stellar.toml.");
        _handler.Answer(HttpStatusCode.OK, new string(' ', (100 * 1024) + 1));
        (await Should.ThrowAsync<DomainException>(() => toml.FetchAsync("example.com", Cancelled)))
            .Message.ShouldBe("The answer of example.com is longer than 102400 bytes.");
        await Should.ThrowAsync<ArgumentException>(() => toml.FetchAsync("example.com/x?", Cancelled));
    }
}
