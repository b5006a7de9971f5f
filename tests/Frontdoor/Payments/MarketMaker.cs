using System.Net.Http.Json;
using System.Text.Json;
using StellarPay.Stellar;
using StellarPay.Stellar.Horizon;
using StellarPay.Stellar.Keys;
using StellarPay.Stellar.Transactions;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Frontdoor.Tests.Payments;

/// <summary>An account of nobody here, which offers USDC for XLM and XLM for USDC on the sandbox's market.</summary>
internal sealed class MarketMaker : IAsyncDisposable
{
    private const long Enough = 100_000 * Unit;
    private const long Unit = 10_000_000;

    private readonly SigningKey _key = SigningKey.Generate();
    private readonly HttpClient _admin;
    private readonly HorizonClient _horizon;
    private readonly StellarNetwork _network;
    private readonly Asset _usdc;
    private long _sequence;

    private MarketMaker(HttpClient admin, HorizonClient horizon, StellarNetwork network, AccountId issuer)
    {
        _admin = admin;
        _horizon = horizon;
        _network = network;
        _usdc = new Asset(AssetCode.Parse("USDC"), issuer);
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<MarketMaker> OpenAsync(Uri sandbox)
    {
        var admin = new HttpClient { BaseAddress = sandbox };
        var status = await admin.GetFromJsonAsync<JsonElement>("/admin", Cancelled);
        var maker = new MarketMaker(
            admin,
            new HorizonClient(
                new HttpClient(HorizonClient.CreateHandler()) { Timeout = Timeout.InfiniteTimeSpan },
                new HorizonClientOptions { BaseUrls = [sandbox] }, TimeProvider.System),
            new StellarNetwork(status.GetProperty("network_passphrase").GetString()!),
            AccountId.Parse(status.GetProperty("accounts").GetProperty("usdc_issuer").GetString()!));
        await maker.FundAsync();
        return maker;
    }

    /// <summary>Offers anew: so many XLM for one USDC, either way. Returns when a ledger has it.</summary>
    public async Task PriceAsync(int xlm, int usdc)
    {
        // One's own offers may not cross: the old ones go first, and of the new ones the second waits for a better price.
        await SubmitAsync(
        [
            .. await WithdrawalsAsync(),
            new ManageSellOfferOperation(_usdc, Asset.Native, 1_000 * Unit, new Price(xlm, usdc), 0),
            new CreatePassiveSellOfferOperation(Asset.Native, _usdc, 4_000 * Unit, new Price(usdc, xlm)),
        ]);
    }

    /// <summary>Loses every transaction that comes as wallets send theirs, and not as this account does; or no more.</summary>
    public async Task LoseSubmissionsAsync(bool lose)
    {
        using var answer = lose
            ? await _admin.PostAsJsonAsync(
                "/admin/faults",
                new { kind = "timeout_without_applying", method = "POST", path = "/transactions_async", count = 1_000 }, Cancelled)
            : await _admin.DeleteAsync("/admin/faults", Cancelled);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Offers USDC for its own euros only, two for one, and those for XLM, two for one. Gives the euros' name.</summary>
    public async Task<string> PriceByEurosAsync()
    {
        var euro = new Asset(AssetCode.Parse("EURC"), _key.AccountId);
        await SubmitAsync(
        [
            .. await WithdrawalsAsync(),
            new ManageSellOfferOperation(euro, Asset.Native, 1_000 * Unit, new Price(2, 1), 0),
            new ManageSellOfferOperation(_usdc, euro, 1_000 * Unit, new Price(2, 1), 0),
        ]);
        return euro.ToString();
    }

    /// <summary>Offers nothing any more.</summary>
    public async Task WithdrawAsync()
    {
        if (await WithdrawalsAsync() is [_, ..] withdrawals)
        {
            await SubmitAsync(withdrawals);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await LoseSubmissionsAsync(false);
        await WithdrawAsync();
        _admin.Dispose();
        _key.Dispose();
    }

    private async Task FundAsync()
    {
        (await _horizon.Accounts.FundByFriendbotAsync(_key.AccountId, Cancelled)).Outcome.ShouldBe(SubmitOutcome.Succeeded);
        _sequence = (await _horizon.Accounts.GetAsync(_key.AccountId, Cancelled))!.Sequence;
        await SubmitAsync([new ChangeTrustOperation(_usdc, long.MaxValue)]);
        using var issued = await _admin.PostAsJsonAsync(
            "/admin/issue", new { account = _key.AccountId.ToString(), asset = "USDC", amount = StellarAmount.Format(Enough) }, Cancelled);
        issued.EnsureSuccessStatusCode();
    }

    private async Task<OperationBody[]> WithdrawalsAsync() =>
    [
        .. (await _horizon.Market.GetOffersAsync(_key.AccountId, null, null, new PageQuery(), Cancelled)).Records
            .Select(offer => new ManageSellOfferOperation(offer.Selling, offer.Buying, 0, offer.Price, offer.Id)),
    ];

    private async Task SubmitAsync(IEnumerable<OperationBody> operations)
    {
        var builder = new TransactionBuilder(_key.AccountId, ++_sequence).WithBaseFee(1_000).WithoutTimeBounds();
        foreach (var operation in operations)
        {
            builder.Add(operation);
        }

        var result = await _horizon.Transactions.SubmitAsync(builder.Build().Sign(_network, _key), Cancelled);
        result.Outcome.ShouldBe(SubmitOutcome.Succeeded, $"{result.Reason} {string.Join(',', result.OperationCodes)}");
    }
}
