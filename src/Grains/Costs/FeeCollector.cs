using StellarPay.Grains.Money;
using StellarPay.Grains.Network;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Platform.Treasury;

namespace StellarPay.Grains.Costs;

/// <summary>
/// To whom users pay fees: the treasury, for what it has a trustline to. It is seldom asked for, and what was seen serves for a minute:
/// a fee that the treasury cannot take any more fails with its payment, and is quoted anew.
/// </summary>
internal sealed class FeeCollector(IPlatformAccounts accounts, INetworkQuestions network, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    // It may just be getting its trustline.
    private static readonly TimeSpan FreshWhereNone = TimeSpan.FromSeconds(5);

    private Seen? _seen;

    /// <summary>Who takes fees in an asset; nobody's address where none can be taken in it.</summary>
    /// <exception cref="NetworkUnavailableException">The network was never seen to say, and does not.</exception>
    public async Task<FeePlace> FindAsync(Asset asset, CancellationToken cancellationToken)
    {
        var seen = _seen;
        if (seen is null || time.GetElapsedTime(seen.At) >= (Takes(seen.Account, asset) ? Fresh : FreshWhereNone))
        {
            try
            {
                _seen = seen = await LookAsync(cancellationToken);
            }
            catch (NetworkUnavailableException) when (seen is not null)
            {
                // What it could take a while ago, it most likely can now.
            }
        }

        return new FeePlace(seen is not null && Takes(seen.Account, asset) ? seen.Address : null);
    }

    private async Task<Seen> LookAsync(CancellationToken cancellationToken)
    {
        var at = time.GetTimestamp();
        var treasury = (await accounts.ListAsync(cancellationToken)).FirstOrDefault(account => account.Name == ITreasuryGrain.Key);
        return new Seen(
            treasury?.Address, treasury is null ? null : await network.GetAccountAsync(treasury.Address, cancellationToken), at);
    }

    // Half of what may come in is far more than fees of a minute are.
    private static bool Takes(NetworkAccount? account, Asset asset) => account is not null && (asset.IsNative
        || account.Trustlines.Any(line => line.Asset == asset.Canonical && line.Authorized
            && line.Limit - line.Balance - line.BuyingLiabilities > line.Limit / 2));

    private sealed record Seen(string? Address, NetworkAccount? Account, long At);
}

/// <summary>Who takes fees in an asset, as it was found out.</summary>
/// <param name="Address">The account; null where none takes them.</param>
internal sealed record FeePlace(string? Address);
