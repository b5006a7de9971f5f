using StellarPay.Frontdoor.Auth.Codes;
using StellarPay.Frontdoor.Auth.Sessions;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Frontdoor.Errors;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Results;
using StellarPay.Grains.Wallets;

namespace StellarPay.Frontdoor.Wallets;

/// <summary>
/// Sees that a user has a wallet, and that its account is opened once he has confirmed a contact. Both are done once and may be asked
/// for any number of times, so whoever finds them undone, because a crash came between the user's row and the wallet, does them.
/// </summary>
internal sealed partial class WalletOpener(
    IGrainFactory grains, ConfirmedContacts contacts, ContactSeal seal, IHttpContextAccessor requests, ILogger<WalletOpener> logger)
{
    /// <summary>
    /// A user's wallet as it should be by what he has confirmed; null while it cannot be reached. Then the next to look sees to it.
    /// </summary>
    public Task<WalletJson?> TryEnsureAsync(UserId user) => TryAsync(user, GetOrEnsureAsync);

    /// <summary>
    /// The same, of a user who has just confirmed a contact: his wallet is told in any case. He may have been invited by that name, and
    /// have an account that waits for the next day.
    /// </summary>
    public Task<WalletJson?> TryConfirmedAsync(UserId user) =>
        TryAsync(user, async each => await EnsureAsync(each, isNone: false) ?? await GetOrEnsureAsync(each));

    private async Task<WalletJson?> TryAsync(UserId user, Func<UserId, Task<Result<WalletView>>> get)
    {
        try
        {
            var wallet = await get(user);
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
        // One that is frozen before it is opened has no address either. One that waits for the next day may be somebody's of whom it was
        // not known that he is invited, because a crash came between.
        return isNone || wallet is { IsSuccess: true, Value.Address: null } or { IsSuccess: true, Value.OpensAfter: not null }
            ? await EnsureAsync(user, isNone) ?? wallet
            : wallet;
    }

    /// <summary>The address of the wallet of a user who has confirmed a contact, opened if it was not.</summary>
    public async Task<Result<string>> GetAddressAsync(UserId user)
    {
        var address = await WalletOf(user).GetAddressAsync();
        if (address.Error is not ({ Kind: ErrorKind.NotFound } or { Code: "contact_unconfirmed" }))
        {
            return address;
        }

        return await EnsureAsync(user, isNone: false) is not { } opened ? address
            : opened.IsSuccess ? opened.Value.Address! : opened.Error;
    }

    /// <summary>Has the account of a user's closed wallet opened again, counted where he is.</summary>
    public async Task<Result<WalletView>> ReopenAsync(UserId user) =>
        await grains.GetGrain<IWalletClosing>(WalletId.Of(user).Value).ReopenAsync(
            user, await contacts.FindAsync(user) is { } owner ? await OriginOfAsync(user, owner) : null);

    // Null where there is nothing to do: he has confirmed nothing, or he is gone. An access token outlives its user for some minutes, and
    // a wallet that was made by it would be removed by nobody.
    private async Task<Result<WalletView>?> EnsureAsync(UserId user, bool isNone) => await contacts.FindAsync(user) switch
    {
        { HasAny: true } owner => await WalletOf(user).OpenAsync(user, await OriginOfAsync(user, owner)),
        { } when isNone => await WalletOf(user).CreateAsync(user),
        _ => null,
    };

    // Whoever causes an opening has it counted where he is, also otherwise than by confirming or logging in: else a lost answer would
    // be a way around the budget of a network. So it is with the domain: it is read here, that of the address that is proven to be his,
    // and only now, for each reading of a name under a new key is written down.
    private async Task<OpeningOrigin?> OriginOfAsync(UserId user, ConfirmedOwner owner) => requests.HttpContext is { } request
        ? SessionClient.Of(request).OriginOf(await seal.OpenAsync(user, ContactKind.Email, owner.SealedEmail, CancellationToken.None))
            with { Invited = owner.IsInvited }
        : null;

    private IWalletGrain WalletOf(UserId user) => grains.GetGrain<IWalletGrain>(WalletId.Of(user).Value);

    [LoggerMessage(EventId = 5201, Level = LogLevel.Warning, Message = "The wallet of {User} is not as it should be yet: {Reason}.")]
    private static partial void LogNotOpened(ILogger logger, Exception? exception, UserId user, string reason);
}
