using StellarPay.Stellar.Xdr;

namespace StellarPay.Chaos.Clients.Network;

/// <summary>Somebody who has a key and no account yet, and claims what was set aside once there is one.</summary>
internal sealed class Newcomer(ChaosNetwork network, string name) : IDisposable
{
    private const int Tries = 12;
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(700);

    private readonly NetworkAccount _account = new(network, name);

    public string Address => _account.Address;

    /// <summary>Opens the account, trusts USDC and claims a balance; whether that came about is for the ledger to say.</summary>
    public async Task ClaimAsync(string balanceId, CancellationToken cancellationToken)
    {
        if (!ClaimableBalanceId.TryParse(balanceId, out var balance))
        {
            throw new ChaosException($"'{balanceId}' is no claimable balance's id.");
        }

        if (await InsistAsync(() => _account.OpenAsync(cancellationToken), cancellationToken))
        {
            await InsistAsync(
                () => _account.SubmitAsync(
                    null, cancellationToken,
                    new ChangeTrustOperation(network.Usdc, long.MaxValue), new ClaimClaimableBalanceOperation(balance)),
                cancellationToken);
        }
    }

    public void Dispose() => _account.Dispose();

    // The network answers nothing now and then; a claim that is there already fails, and moves nothing.
    private static async Task<bool> InsistAsync(Func<Task<bool>> step, CancellationToken cancellationToken)
    {
        for (var i = 0; i < Tries; i++)
        {
            try
            {
                if (await step())
                {
                    return true;
                }
            }
            catch (Exception e) when (e is HttpRequestException or IOException
                || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                // Once more.
            }

            await Task.Delay(RetryPause, cancellationToken);
        }

        return false;
    }
}
