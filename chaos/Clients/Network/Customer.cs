using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Chaos.Clients.Network;

/// <summary>Somebody with an account of their own and enough of everything, who buys of merchants and is given money back.</summary>
internal sealed class Customer(ChaosNetwork network, string name) : IDisposable
{
    private const int IssuedUnits = 10_000;

    private readonly NetworkAccount _account = new(network, name);

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (!await _account.OpenAsync(cancellationToken)
            || !await _account.SubmitAsync(null, cancellationToken, new ChangeTrustOperation(network.Usdc, long.MaxValue)))
        {
            throw new ChaosException("A customer could not trust USDC.");
        }

        await network.IssueAsync(_account.Address, IssuedUnits, cancellationToken);
    }

    /// <summary>Pays USDC to an account; whether that came about is for the ledger to say.</summary>
    public Task PayAsync(string address, long stroops, string? memo, CancellationToken cancellationToken) =>
        PayAsync(address, network.Usdc, stroops, memo, cancellationToken);

    /// <summary>Pays XLM to an account.</summary>
    public Task PayLumensAsync(string address, long stroops, string memo, CancellationToken cancellationToken) =>
        PayAsync(address, Asset.Native, stroops, memo, cancellationToken);

    public void Dispose() => _account.Dispose();

    private Task PayAsync(string address, Asset asset, long stroops, string? memo, CancellationToken cancellationToken) =>
        _account.SubmitAsync(memo, cancellationToken, new PaymentOperation(AccountId.Parse(address), asset, stroops));
}
