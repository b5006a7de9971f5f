using Microsoft.Extensions.Logging;
using StellarPay.Grains.Money;
using StellarPay.Grains.Network;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Platform.Treasury;

namespace StellarPay.Grains.Costs;

/// <summary>
/// To whom users pay fees: the treasury, for what it has a trustline to. It is seldom asked for, and what was seen serves for a minute:
/// a fee that the treasury cannot take any more fails with its payment, and is quoted anew.
/// </summary>
internal sealed partial class FeeCollector(
    IPlatformAccounts accounts, INetworkQuestions network, TimeProvider time, ILogger<FeeCollector> logger)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    // It may just be getting its trustline.
    private static readonly TimeSpan FreshWhereNone = TimeSpan.FromSeconds(5);

    private Seen? _seen;
    private int _looking;

    /// <summary>Who takes fees in an asset; nobody's address where none can be taken in it.</summary>
    /// <exception cref="NetworkUnavailableException">The network was never seen to say, and does not.</exception>
    public async Task<FeePlace> FindAsync(Asset asset, CancellationToken cancellationToken)
    {
        if (_seen is not { } seen)
        {
            _seen = seen = await LookAsync(cancellationToken);
        }
        else if (time.GetElapsedTime(seen.At) >= (Takes(seen.Account, asset) ? Fresh : FreshWhereNone)
            && Interlocked.CompareExchange(ref _looking, 1, 0) == 0)
        {
            // Nobody waits for it: what it could take a while ago, it most likely can now.
            _ = Task.Run(LookAgainAsync, CancellationToken.None);
        }

        return new FeePlace(Takes(seen.Account, asset) ? seen.Address : null);
    }

    private async Task LookAgainAsync()
    {
        try
        {
            _seen = await LookAsync(CancellationToken.None);
        }
        catch (Exception exception)
        {
            // Fees go on by what was seen before; the next payment looks again.
            LogNotSeen(exception.Message);
        }
        finally
        {
            Volatile.Write(ref _looking, 0);
        }
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

    [LoggerMessage(1257, LogLevel.Warning, "What the treasury can take is not known anew: {Reason}")]
    private partial void LogNotSeen(string reason);

    private sealed record Seen(string? Address, NetworkAccount? Account, long At);
}

/// <summary>Who takes fees in an asset, as it was found out.</summary>
/// <param name="Address">The account; null where none takes them.</param>
internal sealed record FeePlace(string? Address);
