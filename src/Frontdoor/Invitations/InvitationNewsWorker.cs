using System.Security.Cryptography;
using StellarPay.Adapters.Postgres.News;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Grains.Invitations;

namespace StellarPay.Frontdoor.Invitations;

/// <summary>
/// Tells wallets which of their invitations were confirmed in time, soon after it, until they know; with the name, which front doors alone
/// can open. That they pay is their own matter, by the due index.
/// </summary>
internal sealed partial class InvitationNewsWorker(
    InvitationNews news, ContactSeal names, IGrainFactory grains, TimeProvider time, ILogger<InvitationNewsWorker> logger)
    : NewsWorker<ConfirmedInvitation>(time)
{
    private const string Unknown = "invitation_not_found";

    protected override Task<IReadOnlyList<ConfirmedInvitation>> TakeAsync(int limit, CancellationToken cancellationToken) =>
        news.TakeAsync(limit, cancellationToken);

    protected override async Task TellAsync(ConfirmedInvitation confirmed, CancellationToken cancellationToken)
    {
        // Of somebody who was erased there is no name; his wallet is closed, and the payment comes to nothing.
        var name = await NameAsync(confirmed, cancellationToken) ?? "";
        var told = await grains.GetGrain<IWalletInvitations>(confirmed.Wallet.Value)
            .TakeInvitationAsync(confirmed.Wallet.Owner, confirmed.Id, confirmed.User, name);
        if (told is { IsSuccess: false, Error: { Code: not Unknown } error })
        {
            throw new InvalidOperationException($"The wallet did not take it: {error.Code}.");
        }
    }

    // A name that cannot be read, for a key is missing, keeps neither the recipient's money nor the sender's.
    private async Task<string?> NameAsync(ConfirmedInvitation confirmed, CancellationToken cancellationToken)
    {
        try
        {
            return await names.OpenAsync(confirmed.User, confirmed.Kind, confirmed.SealedName, cancellationToken);
        }
        catch (CryptographicException unreadable)
        {
            LogNameless(unreadable, confirmed.Id.Value);
            return null;
        }
    }

    protected override void NotTold(Exception exception, ConfirmedInvitation confirmed) =>
        LogNotTold(exception, confirmed.Wallet.Value, confirmed.Id.Value);

    protected override void NotRead(Exception exception) => LogNotRead(exception);

    [LoggerMessage(5210, LogLevel.Warning, "Wallet {Wallet} could not be told that the name of {Invitation} was confirmed; it is tried again")]
    private partial void LogNotTold(Exception exception, string wallet, string invitation);

    [LoggerMessage(5212, LogLevel.Error, "The name that {Invitation} was confirmed by cannot be read; it is paid without")]
    private partial void LogNameless(Exception exception, string invitation);

    [LoggerMessage(5211, LogLevel.Warning, "It could not be read which invitations were confirmed; it is tried again")]
    private partial void LogNotRead(Exception exception);
}
