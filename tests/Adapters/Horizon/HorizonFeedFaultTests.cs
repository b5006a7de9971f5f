using System.Net.Http.Json;
using System.Text;
using System.Text.RegularExpressions;
using StellarPay.Adapters.Horizon;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Network;
using StellarPay.Sandbox;
using StellarPay.Stellar.Horizon;
using StellarPay.Stellar.Keys;

namespace StellarPay.Adapters.Tests.Horizon;

public sealed class HorizonFeedFaultTests : IAsyncLifetime
{
    private readonly Corrupting _corrupting = new();
    private readonly List<LedgerOutcome> _outcomes = [];
    private SandboxHost _sandbox = null!;
    private HttpClient _http = null!;
    private HorizonFeed _feed = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _sandbox = await SandboxHost.StartAsync(
            new SandboxOptions { Port = 0, CloseInterval = TimeSpan.FromMilliseconds(50) }, cancellationToken: Cancelled);
        _http = new HttpClient(_corrupting) { BaseAddress = _sandbox.BaseAddress };
        _feed = new HorizonFeed(
            new HorizonClient(_http, new HorizonClientOptions { BaseUrls = [_sandbox.BaseAddress] }, TimeProvider.System),
            TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _sandbox.DisposeAsync();
    }

    [Fact]
    public async Task A_record_that_cannot_be_read_spoils_neither_its_page_nor_its_ledger_and_can_be_read_again()
    {
        var (before, poison, after) = (await FundAsync(), await FundAsync(), await FundAsync());
        _corrupting.Account = poison;

        var (operations, unread) = await ReadUntilAsync(after);

        operations.ShouldContain(operation => operation.To == before);
        operations.ShouldNotContain(operation => operation.To == poison);
        var line = unread.ShouldHaveSingleItem();
        line.Kind.ShouldBe(UnreadKind.Unreadable);
        line.Accounts.ShouldContain(poison);
        line.Problem.ShouldContain("starting_balance");
        _feed.ReadAgain(line.Raw).ShouldBeNull();
        // Whoever it names, it costs nothing until somebody asks; then one question, and no second.
        _corrupting.Joined.ShouldBe(0);
        var whole = await _feed.WithTransactionAsync([line, line with { Number = 1 }], Cancelled);
        whole.ShouldAllBe(each => each.Raw.Contains("\"transaction\":{", StringComparison.Ordinal));
        (await _feed.WithTransactionAsync(whole, Cancelled)).ShouldBe(whole);
        _corrupting.Joined.ShouldBe(1);
        var read = _feed.ReadAgain(line.Raw.Replace("lots", "10000.0000000", StringComparison.Ordinal)).ShouldNotBeNull().ShouldHaveSingleItem();
        (read.PagingToken, read.To, read.Type).ShouldBe((line.PagingToken, poison, "create_account"));
    }

    [Fact]
    public async Task A_result_of_a_newer_protocol_keeps_no_ledger_from_being_taken()
    {
        var account = await FundAsync();
        _corrupting.SpoilsResults = true;

        var (operations, _) = await ReadUntilAsync(account);

        operations.ShouldContain(operation => operation.To == account);
        _outcomes.ShouldContain(outcome => !outcome.Successful && outcome.Code == "tx_failed");
    }

    [Theory]
    [InlineData("/operations")]
    [InlineData("/transactions")]
    [InlineData("/ledgers")]
    public async Task A_replica_that_is_behind_makes_nothing_missing(string path)
    {
        await _http.PostAsJsonAsync("admin/faults", new { kind = "stale_reads", path, count = 6, ledgers = 8 }, Cancelled);
        string[] accounts = [await FundAsync(), await FundAsync(), await FundAsync()];

        var (operations, unread) = await ReadUntilAsync(accounts[^1]);

        operations.Where(operation => accounts.Contains(operation.To)).Select(operation => operation.To).ShouldBe(accounts);
        unread.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_network_that_began_again_shows_in_an_early_ledger()
    {
        // Another account each time: ledgers that hold the same and close in the same second are the same ledgers.
        await FundAsync();
        (await _http.PostAsync("admin/ledgers/close?count=10", null, Cancelled)).EnsureSuccessStatusCode();
        var eighth = await _feed.FindLedgerAsync(8, Cancelled);

        (await _http.PostAsync("admin/reset", null, Cancelled)).EnsureSuccessStatusCode();
        await FundAsync();
        (await _http.PostAsync("admin/ledgers/close?count=10", null, Cancelled)).EnsureSuccessStatusCode();

        (await _feed.FindLedgerAsync(8, Cancelled))!.Hash.ShouldNotBe(eighth!.Hash);
        (await _feed.FindLedgerAsync(1_000_000, Cancelled)).ShouldBeNull();
    }

    [Fact]
    public async Task Ledgers_come_one_after_another_each_with_the_hash_of_the_one_before()
    {
        var account = await FundAsync();
        LedgerMark? last = null;
        await foreach (var batch in _feed.ReadAsync(0, Cancelled))
        {
            foreach (var ledger in batch.Ledgers)
            {
                if (last is not null)
                {
                    (ledger.Sequence, ledger.PreviousHash).ShouldBe((last.Sequence + 1, last.Hash));
                }

                last = ledger;
            }

            if (batch.Operations.Any(operation => operation.To == account))
            {
                break;
            }
        }

        last.ShouldNotBeNull();
    }

    private async Task<string> FundAsync()
    {
        using var key = SigningKey.Generate();
        var account = key.AccountId.ToString();
        (await _http.GetAsync($"friendbot?addr={account}", Cancelled)).EnsureSuccessStatusCode();
        return account;
    }

    private async Task<(List<LedgerOperation> Operations, List<UnreadOperation> Unread)> ReadUntilAsync(string account)
    {
        var (operations, unread) = (new List<LedgerOperation>(), new List<UnreadOperation>());
        await foreach (var batch in _feed.ReadAsync(0, Cancelled))
        {
            operations.AddRange(batch.Operations);
            unread.AddRange(batch.Unread);
            _outcomes.AddRange(batch.Outcomes);
            if (operations.Exists(operation => operation.To == account))
            {
                break;
            }
        }

        return (operations, unread);
    }

    /// <summary>Spoils the operation that created an account, in every answer.</summary>
    private sealed class Corrupting() : DelegatingHandler(HorizonClient.CreateHandler())
    {
        public string? Account { get; set; }

        /// <summary>Whether no transaction's result can be read, and each is said to have failed.</summary>
        public bool SpoilsResults { get; set; }

        /// <summary>How often operations were asked for with their transactions.</summary>
        public int Joined { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            Joined += request.RequestUri!.Query.Contains("join=transactions", StringComparison.Ordinal) ? 1 : 0;
            if (SpoilsResults && request.RequestUri.AbsolutePath == "/transactions")
            {
                var text = await response.Content.ReadAsStringAsync(cancellationToken);
                response.Content = new StringContent(
                    Regex.Replace(text, "\"result_xdr\":\"[^\"]*\"", "\"result_xdr\":\"AAAA\"")
                        .Replace("\"successful\":true", "\"successful\":false", StringComparison.Ordinal),
                    Encoding.UTF8,
                    "application/json");
            }

            if (Account is { } account && request.RequestUri!.AbsolutePath == "/operations")
            {
                var text = await response.Content.ReadAsStringAsync(cancellationToken);
                response.Content = new StringContent(
                    Regex.Replace(text, $"10000\\.0000000(?=\",\"funder\":\"[^\"]*\",\"account\":\"{account}\")", "lots"),
                    Encoding.UTF8,
                    "application/json");
            }

            return response;
        }
    }
}
