using StellarPay.Frontdoor.Errors;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Results;
using StellarPay.Grains.Wallets;

namespace StellarPay.Frontdoor.Wallets;

/// <summary>
/// Sees that a user has a wallet, and that its account is opened. Both are done once and may be asked for any number of times, so
/// whoever finds them undone, because a crash came between the user's row and the wallet, does them.
/// </summary>
internal sealed partial class WalletOpener(IGrainFactory grains, ILogger<WalletOpener> logger)
{
    /// <summary>The wallet, opened if it was not; null while it cannot be reached. Then the next to look opens it.</summary>
    public async Task<WalletJson?> TryOpenAsync(UserId user)
    {
        try
        {
            var opened = await OpenAsync(user);
            if (opened.IsSuccess)
            {
                return WalletJson.Of(opened.Value);
            }

            LogNotOpened(logger, null, user, opened.Error.Code);
        }
        catch (Exception e) when (ExceptionProblems.IsPassing(e))
        {
            LogNotOpened(logger, e, user, "unreachable");
        }

        return null;
    }

    /// <summary>The user's wallet as it is, opened if it was not.</summary>
    public async Task<Result<WalletView>> GetOrOpenAsync(UserId user)
    {
        var wallet = await WalletOf(user).GetAsync(user);
        return wallet is { Error.Kind: ErrorKind.NotFound } or { Value.Status: WalletStatus.Unopened }
            ? await OpenAsync(user)
            : wallet;
    }

    /// <summary>The address of a user's wallet, opened if it was not.</summary>
    public async Task<Result<string>> GetAddressAsync(UserId user)
    {
        var address = await WalletOf(user).GetAddressAsync();
        if (address.Error is not ({ Kind: ErrorKind.NotFound } or { Code: "contact_unconfirmed" }))
        {
            return address;
        }

        var opened = await OpenAsync(user);
        return opened.IsSuccess ? opened.Value.Address! : opened.Error;
    }

    // Until contacts are confirmed, all users are taken for confirmed.
    private async Task<Result<WalletView>> OpenAsync(UserId user)
    {
        var created = await WalletOf(user).CreateAsync(user);
        return created.IsSuccess ? await WalletOf(user).OpenAsync(user) : created;
    }

    private IWalletGrain WalletOf(UserId user) => grains.GetGrain<IWalletGrain>(WalletId.Of(user).Value);

    [LoggerMessage(EventId = 5201, Level = LogLevel.Warning, Message = "The wallet of {User} is not open yet: {Reason}.")]
    private static partial void LogNotOpened(ILogger logger, Exception? exception, UserId user, string reason);
}
