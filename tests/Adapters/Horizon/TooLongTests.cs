using System.Text.Json;
using StellarPay.Adapters.Horizon;
using StellarPay.Grains.Network;
using StellarPay.Sandbox;
using StellarPay.Stellar.Horizon;
using StellarPay.Stellar.Keys;

namespace StellarPay.Adapters.Tests.Horizon;

/// <summary>What is longer alone than an answer may be stops nobody: its line is kept unread, and the next ledgers are read.</summary>
public sealed class TooLongTests : IAsyncLifetime
{
    private const int MaxBytes = 512 * 1024;

    private readonly Lengthening _lengthening = new();
    private SandboxHost _sandbox = null!;
    private HttpClient _http = null!;
    private HorizonFeed _feed = null!;

    private static CancellationToken Deadline => new CancellationTokenSource(TimeSpan.FromMinutes(2)).Token;

    public async ValueTask InitializeAsync()
    {
        _sandbox = await SandboxHost.StartAsync(
            new SandboxOptions { Port = 0, CloseInterval = TimeSpan.FromMilliseconds(50) },
            cancellationToken: TestContext.Current.CancellationToken);
        _http = new HttpClient(_lengthening) { BaseAddress = _sandbox.BaseAddress };
        var options = new HorizonClientOptions { BaseUrls = [_sandbox.BaseAddress], MaxResponseBytes = MaxBytes };
        _feed = new HorizonFeed(new HorizonClient(_http, options, TimeProvider.System), TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _sandbox.DisposeAsync();
    }

    [Fact]
    public async Task An_operation_that_is_too_long_is_kept_for_everybody_whom_its_transaction_names()
    {
        var (before, large, after) = (await FundAsync(), await FundAsync(), await FundAsync());
        _lengthening.Operations = large.Account;

        var (operations, unread) = await ReadUntilAsync(after.Account);

        operations.ShouldContain(operation => operation.To == before.Account);
        operations.ShouldNotContain(operation => operation.To == large.Account);
        var line = unread.ShouldHaveSingleItem();
        (line.Kind, line.TransactionHash).ShouldBe((UnreadKind.Unreadable, large.Hash));
        line.Accounts.ShouldContain(large.Account);
        _feed.ReadAgain(line.Raw).ShouldBeNull();
    }

    [Fact]
    public async Task An_operation_whose_transaction_is_too_long_is_kept_for_whom_it_names_with_its_hash()
    {
        var (before, large, after) = (await FundAsync(), await FundAsync(), await FundAsync());
        _lengthening.Transactions = large.Hash;

        var (operations, unread) = await ReadUntilAsync(after.Account);

        operations.ShouldContain(operation => operation.To == before.Account);
        var line = unread.ShouldHaveSingleItem();
        (line.Kind, line.TransactionHash).ShouldBe((UnreadKind.Unreadable, large.Hash));
        line.Accounts.ShouldContain(large.Account);
    }

    [Fact]
    public async Task What_is_too_long_as_operation_and_as_transaction_is_counted_at_its_place()
    {
        var (before, large, after) = (await FundAsync(), await FundAsync(), await FundAsync());
        (_lengthening.Operations, _lengthening.Transactions) = (large.Account, large.Hash);

        var (operations, unread) = await ReadUntilAsync(after.Account);

        operations.ShouldContain(operation => operation.To == before.Account);
        operations.ShouldNotContain(operation => operation.To == large.Account);
        unread.ShouldContain(line => line.Accounts.Count == 0 && line.TransactionHash == null);
        unread.Select(line => line.Ledger).Distinct().Count().ShouldBe(1);
    }

    private async Task<(string Account, string Hash)> FundAsync()
    {
        using var key = SigningKey.Generate();
        var account = key.AccountId.ToString();
        var answer = await _http.GetStringAsync($"friendbot?addr={account}", Deadline);
        return (account, JsonDocument.Parse(answer).RootElement.GetProperty("hash").GetString()!);
    }

    private async Task<(List<LedgerOperation> Operations, List<UnreadOperation> Unread)> ReadUntilAsync(string account)
    {
        var (operations, unread) = (new List<LedgerOperation>(), new List<UnreadOperation>());
        await foreach (var batch in _feed.ReadAsync(0, Deadline))
        {
            operations.AddRange(batch.Operations);
            unread.AddRange(batch.Unread);
            if (operations.Exists(operation => operation.To == account))
            {
                break;
            }
        }

        return (operations, unread);
    }

    /// <summary>Makes an answer too long whose page holds a record that names something, by blanks at its end.</summary>
    private sealed class Lengthening() : DelegatingHandler(HorizonClient.CreateHandler())
    {
        public string? Operations { get; set; }

        public string? Transactions { get; set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            var named = request.RequestUri!.AbsolutePath switch
            {
                "/operations" => Operations,
                "/transactions" => Transactions,
                _ => null,
            };
            if (named is null)
            {
                return response;
            }

            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            response.Content = new StringContent(text.Contains(named, StringComparison.Ordinal) ? text.PadRight(MaxBytes + 1) : text);
            return response;
        }
    }
}
