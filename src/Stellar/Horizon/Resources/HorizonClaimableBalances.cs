using StellarPay.Stellar.Horizon.Json;
using StellarPay.Stellar.Horizon.Transport;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Stellar.Horizon;

/// <summary>Claimable balances that the ledger has now (CAP-23).</summary>
/// <remarks>Source: https://developers.stellar.org/docs/data/apis/horizon/api-reference/resources/claimablebalances</remarks>
public sealed class HorizonClaimableBalances
{
    private readonly HorizonTransport _transport;

    internal HorizonClaimableBalances(HorizonTransport transport) => _transport = transport;

    /// <summary>A claimable balance by its id; null if the ledger has none, or not any more.</summary>
    /// <param name="id">Which.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public Task<ClaimableBalanceRecord?> GetAsync(
        ClaimableBalanceId id, CancellationToken cancellationToken = default) =>
        _transport.GetOrNullAsync<ClaimableBalanceJson, ClaimableBalanceRecord>(
            $"claimable_balances/{id}", HorizonJson.Default.ClaimableBalanceJson, cancellationToken);

    /// <summary>A page of claimable balances.</summary>
    /// <param name="claimant">Only those that this account may claim; null for all.</param>
    /// <param name="sponsor">Only those that this account sponsors; null for all.</param>
    /// <param name="asset">Only those of this asset; null for all.</param>
    /// <param name="page">Which part of the list.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public Task<HorizonPage<ClaimableBalanceRecord>> GetPageAsync(
        AccountId? claimant,
        AccountId? sponsor,
        Asset? asset,
        PageQuery page,
        CancellationToken cancellationToken = default) =>
        _transport.GetAsync<PageJson<ClaimableBalanceJson, ClaimableBalanceRecord>, HorizonPage<ClaimableBalanceRecord>>(
            new HorizonPath("claimable_balances")
                .With("claimant", claimant?.ToString())
                .With("sponsor", sponsor?.ToString())
                .With("asset", asset?.ToString())
                .With(page)
                .ToString(),
            HorizonJson.Default.ClaimableBalancePage,
            cancellationToken);
}
