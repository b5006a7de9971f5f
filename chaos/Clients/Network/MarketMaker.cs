using StellarPay.Stellar.Xdr;

namespace StellarPay.Chaos.Clients.Network;

/// <summary>An account that offers USDC for XLM and XLM for USDC, more of both than a run can take.</summary>
internal sealed class MarketMaker(ChaosNetwork network, int seed) : IDisposable
{
    private const long Unit = 10_000_000;
    private const int IssuedUnits = 5_000;
    private const int LumensAUnit = 10;

    private readonly NetworkAccount _account = new(network, $"chaos market {seed}");

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        var usdc = network.Usdc;
        var open = await _account.OpenAsync(cancellationToken)
            && await _account.SubmitAsync(null, cancellationToken, new ChangeTrustOperation(usdc, long.MaxValue));
        await network.IssueAsync(_account.Address, IssuedUnits, cancellationToken);
        // One's own offers may not cross: the second waits for a better price.
        if (!open || !await _account.SubmitAsync(
            null, cancellationToken,
            new ManageSellOfferOperation(usdc, Asset.Native, IssuedUnits / 2 * Unit, new Price(LumensAUnit, 1), 0),
            new CreatePassiveSellOfferOperation(Asset.Native, usdc, 5_000 * Unit, new Price(1, LumensAUnit))))
        {
            throw new ChaosException("The market maker could not offer anything.");
        }
    }

    public void Dispose() => _account.Dispose();
}
