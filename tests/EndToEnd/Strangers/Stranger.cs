using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using StellarPay.Stellar;
using StellarPay.Stellar.Keys;
using StellarPay.Stellar.Transactions;
using StellarPay.Stellar.Xdr;

namespace StellarPay.EndToEnd.Tests.Strangers;

/// <summary>Somebody on the network who is no user, with XLM and a mind to do harm.</summary>
internal sealed class Stranger : IDisposable
{
    private static readonly TimeSpan ValidFor = TimeSpan.FromMinutes(5);

    private readonly SigningKey _key = SigningKey.Generate();
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private readonly HttpClient _sandbox;
    private readonly StellarNetwork _network;

    // Asked for once: whoever slows the network's accounts down is not to be slowed down.
    private long? _sequence;

    private Stranger(HttpClient sandbox, StellarNetwork network) => (_sandbox, _network) = (sandbox, network);

    public string Address => _key.AccountId.ToString();

    /// <summary>A new account with friendbot's XLM.</summary>
    public static async Task<Stranger> AppearAsync(Uri sandbox)
    {
        var http = new HttpClient { BaseAddress = sandbox, Timeout = TimeSpan.FromSeconds(30) };
        var admin = await http.GetFromJsonAsync<JsonElement>("/admin");
        var stranger = new Stranger(http, new StellarNetwork(admin.GetProperty("network_passphrase").GetString()!));
        using var opened = await http.GetAsync($"/friendbot?addr={stranger.Address}");
        opened.EnsureSuccessStatusCode();
        return stranger;
    }

    /// <summary>Pays so many stroops of XLM with a memo, in so many operations of one transaction; waits for the ledger.</summary>
    public Task PayAsync(string address, long stroops, Memo memo, int operations = 1) =>
        SendAsync("/transactions", memo, Payments(address, stroops, operations));

    /// <summary>The same without waiting for the ledger.</summary>
    public Task PayLaterAsync(string address, long stroops, Memo memo, int operations) =>
        SendAsync("/transactions_async", memo, Payments(address, stroops, operations));

    /// <summary>Sets XLM aside for an account, so many balances in one transaction, to be claimed at once or from some time on.</summary>
    public Task SetAsideAsync(string address, long stroops, DateTimeOffset? from, int balances = 1) => SendAsync(
        "/transactions",
        Memo.None,
        Enumerable.Repeat<OperationBody>(
            new CreateClaimableBalanceOperation(
                Asset.Native, stroops,
                [
                    new Claimant(
                        AccountId.Parse(address),
                        from is { } time
                            ? new ClaimNot(new ClaimBeforeAbsoluteTime(time.ToUnixTimeSeconds()))
                            : ClaimUnconditional.Instance),
                ]),
            balances));

    public void Dispose()
    {
        _key.Dispose();
        _oneAtATime.Dispose();
        _sandbox.Dispose();
    }

    private static IEnumerable<OperationBody> Payments(string address, long stroops, int operations) =>
        Enumerable.Repeat<OperationBody>(new PaymentOperation(AccountId.Parse(address), Asset.Native, stroops), operations);

    private async Task SendAsync(string path, Memo memo, IEnumerable<OperationBody> operations)
    {
        await _oneAtATime.WaitAsync();
        try
        {
            var sequence = _sequence ?? await SequenceAsync();
            _sequence = sequence + 1;
            var builder = new TransactionBuilder(_key.AccountId, sequence + 1)
                .WithTimeBounds(null, TimeProvider.System.GetUtcNow() + ValidFor).WithMemo(memo);
            foreach (var operation in operations)
            {
                builder.Add(new Operation(null, operation));
            }

            using var form = new FormUrlEncodedContent([new("tx", builder.Build().Sign(_network, _key).ToXdrBase64())]);
            using var response = await _sandbox.PostAsync(path, form);
            (await response.Content.ReadAsStringAsync()).ShouldNotContain("extras");
            response.IsSuccessStatusCode.ShouldBeTrue();
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private async Task<long> SequenceAsync()
    {
        var account = await _sandbox.GetFromJsonAsync<JsonElement>($"/accounts/{Address}");
        return long.Parse(account.GetProperty("sequence").GetString()!, CultureInfo.InvariantCulture);
    }
}
