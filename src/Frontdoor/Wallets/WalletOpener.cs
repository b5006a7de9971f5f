using StellarPay.Frontdoor.Auth.Sessions;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Frontdoor.Errors;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Results;
using StellarPay.Grains.Wallets;

namespace StellarPay.Frontdoor.Wallets;

/// <summary>
/// Sees that a user has a wallet, and that its account is opened once he has confirmed a contact. Both are done once and may be asked
/// for any number of times, so whoever finds them undone, because a crash came between the user's row and the wallet, does them.
/// </summary>
internal sealed partial class WalletOpener(
    IGrainFactory grains, ConfirmedContacts contacts, IHttpContextAccessor requests, ILogger<WalletOpener> logger)
{
    /// <summary>
    /// A user's wallet as it should be by what he has confirmed; null while it cannot be reached. Then the next to look sees to it.
    /// </summary>
    /// <param name="user">The user.</param>
    /// <param name="confirmed">Whether he has confirmed a contact.</param>
    /// <param name="email">His e-mail address, whose domain has a budget; null where he has none.</param>
    public async Task<WalletJson?> TryEnsureAsync(UserId user, bool confirmed, string? email)
    {
        try
        {
            var wallet = await EnsureAsync(user, confirmed, email);
            if (wallet.IsSuccess)
            {
                return WalletJson.Of(wallet.Value);
            }

            LogNotOpened(logger, null, user, wallet.Error.Code);
        }
        catch (Exception e) when (ExceptionProblems.IsPassing(e))
        {
            LogNotOpened(logger, e, user, "unreachable");
        }

        return null;
    }

    /// <summary>The user's wallet as it is, made or opened if it was not and should be.</summary>
    public async Task<Result<WalletView>> GetOrEnsureAsync(UserId user)
    {
        var wallet = await WalletOf(user).GetAsync(user);
        var isNone = wallet.Error is { Kind: ErrorKind.NotFound };
        if (!isNone && wallet is not { Value.Status: WalletStatus.Unopened })
        {
            return wallet;
        }

        var confirmed = await contacts.HasAnyAsync(user);
        return isNone || confirmed ? await EnsureAsync(user, confirmed) : wallet;
    }

    /// <summary>The address of the wallet of a user who has confirmed a contact, opened if it was not.</summary>
    public async Task<Result<string>> GetAddressAsync(UserId user)
    {
        var address = await WalletOf(user).GetAddressAsync();
        if (address.Error is not ({ Kind: ErrorKind.NotFound } or { Code: "contact_unconfirmed" }))
        {
            return address;
        }

        var opened = await EnsureAsync(user, confirmed: true);
        return opened.IsSuccess ? opened.Value.Address! : opened.Error;
    }

    // Whoever causes an opening has it counted where he is, also otherwise than by confirming or logging in: else a lost answer would
    // be a way around the budget of a network.
    private async Task<Result<WalletView>> EnsureAsync(UserId user, bool confirmed, string? email = null)
    {
        if (!confirmed)
        {
            return await WalletOf(user).CreateAsync(user);
        }

        var origin = requests.HttpContext is { } request
            ? SessionClient.Of(request).OriginOf(email) with { Invited = await contacts.IsInvitedAsync(user) }
            : null;
        return await WalletOf(user).OpenAsync(user, origin);
    }

    private IWalletGrain WalletOf(UserId user) => grains.GetGrain<IWalletGrain>(WalletId.Of(user).Value);

    [LoggerMessage(EventId = 5201, Level = LogLevel.Warning, Message = "The wallet of {User} is not as it should be yet: {Reason}.")]
    private static partial void LogNotOpened(ILogger logger, Exception? exception, UserId user, string reason);
}
