using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Chaos.Clients.Network;

/// <summary>
/// Somebody on the network who is no user: with little room for USDC, so that payments to the account fail on the ledger
/// now and then. Pays users back, sets something aside for them, and pays accounts of the platform.
/// </summary>
internal sealed class Outsider(ChaosNetwork network, int seed) : IDisposable
{
    private const long Room = 12 * Unit;
    private const long Unit = 10_000_000;

    private readonly NetworkAccount _account = new(network, $"chaos outsider {seed}");

    public string Address => _account.Address;

    /// <summary>Opens the account and trusts USDC, up to a little.</summary>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (!await _account.OpenAsync(cancellationToken)
            || !await _account.SubmitAsync(null, cancellationToken, new ChangeTrustOperation(network.Usdc, Room)))
        {
            throw new ChaosException("The outsider could not trust USDC.");
        }
    }

    /// <summary>Pays half of what there is to an account; whether it came about is for the ledger to say.</summary>
    public async Task PayAsync(string address, string memo, CancellationToken cancellationToken)
    {
        var half = await _account.BalanceAsync("USDC", cancellationToken) / 2;
        if (half > 0)
        {
            await _account.SubmitAsync(
                memo, cancellationToken, new PaymentOperation(AccountId.Parse(address), network.Usdc, half));
        }
    }

    /// <summary>Pays XLM to an account.</summary>
    public Task PayLumensAsync(string address, long stroops, string memo, CancellationToken cancellationToken) =>
        _account.SubmitAsync(memo, cancellationToken, new PaymentOperation(AccountId.Parse(address), Asset.Native, stroops));

    /// <summary>Sets XLM aside for an account, which may claim it at any time.</summary>
    public Task SetAsideAsync(string address, long stroops, CancellationToken cancellationToken) => _account.SubmitAsync(
        null, cancellationToken,
        new CreateClaimableBalanceOperation(Asset.Native, stroops, [new Claimant(AccountId.Parse(address), ClaimUnconditional.Instance)]));

    public void Dispose() => _account.Dispose();
}
