using Microsoft.Extensions.Logging;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Money;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;
using StellarPay.Grains.Wallets;

namespace StellarPay.Grains.Invitations;

/// <summary>
/// Pays the invitations whose names were confirmed, and gives up those that nobody confirmed in time. One after the other, beside the
/// turns, woken by the due index; each change is a turn's. A wallet that is woken twice, or in two silos, pays once: the write that makes
/// the payment is the one that ends the waiting.
/// </summary>
internal sealed partial class InvitationWatch(
    IWalletContext wallet, WalletQuotes quotes, IPayeeAccounts payees, IInvitationRefusals refusals, TimeSpan longestHold,
    ILogger logger)
{
    // What hinders the sender may last for days.
    private static readonly TimeSpan HeldPause = TimeSpan.FromHours(1);
    private static readonly TimeSpan ToldPause = TimeSpan.FromMinutes(5);

    /// <summary>Why one failed that was for its own sender.</summary>
    public const string Self = "self_payment";

    private static readonly Error Closed = new(ErrorKind.Refused, "recipient_closed", "The recipient's wallet is closed.");

    private static readonly Error NotOpened = new(
        ErrorKind.Unavailable, RecipientWatch.NotOpened, "The recipient's account is not wanted yet.");

    private bool _looking;

    /// <summary>Looks, unless that is being done.</summary>
    public void Start()
    {
        if (!_looking)
        {
            _looking = true;
            wallet.RunBeside(LookAsync);
        }
    }

    private async Task LookAsync()
    {
        try
        {
            foreach (var (id, status) in Due().Select(each => (InvitationId.Parse(each.Id), each.Status)).ToArray())
            {
                await LookAtAsync(id, status);
            }
        }
        catch (Exception exception)
        {
            // The due index wakes the wallet again.
            LogStopped(exception, wallet.Key);
        }
        finally
        {
            _looking = false;
        }
    }

    private async Task LookAtAsync(InvitationId id, InvitationStatus status)
    {
        if (status == InvitationStatus.Open)
        {
            await ExpireAsync(id);
            return;
        }

        if (await PayAsync(id) is { } refusal)
        {
            await wallet.InTurnAsync(() => JudgeAsync(id, refusal));
        }
    }

    private async Task ExpireAsync(InvitationId id)
    {
        try
        {
            await wallet.InTurnAsync(async () =>
            {
                if (wallet.Book.Invitations.Find(id) is { Status: InvitationStatus.Open } open && IsDue(open))
                {
                    wallet.Book.Invitations.Expire(open, wallet.Now);
                    await wallet.SaveAsync();
                }
            });
        }
        catch (Exception exception) when (refusals.Of(exception) == InvitationRefusal.Confirmed)
        {
            // In time, and the wallet is about to be told: by front doors, which may be away for a while.
            LogConfirmed(id.Value, wallet.Key);
            await wallet.InTurnAsync(async () =>
            {
                if (wallet.Book.Invitations.Find(id) is { Status: InvitationStatus.Open } open)
                {
                    (open.Wait ??= new OpeningWait()).Later(wallet.Now + ToldPause);
                    await wallet.SaveAsync();
                }
            });
        }
    }

    // Null where its payment is made, or it is not to be paid any more; else why not now.
    private async Task<Error?> PayAsync(InvitationId id)
    {
        if (wallet.Book.Invitations.Find(id) is not { Status: InvitationStatus.Due, User: { } user, Name: { } name } due)
        {
            return null;
        }

        if (user == wallet.State.Owner)
        {
            return new Error(ErrorKind.Refused, Self, "A wallet cannot pay itself.");
        }

        var payee = await payees.FindWalletAsync(WalletId.Of(UserId.Parse(user)).Value, CancellationToken.None);
        switch (payee)
        {
            case { IsRetired: true }:
                return Closed;
            // Who has closed his wallet can have it opened again, and is waited for as who never had it opened.
            case null or { Status: WalletStatus.Unopened or WalletStatus.Closing or WalletStatus.Closed }:
                return NotOpened;
        }

        var order = new QuoteRequest(
            payee.Address, name is "" ? payee.Address : name, due.Asset, Amount.Format(due.Stroops), ConfirmsAtOnce: true,
            Facts: new RecipientFacts(IsUser: true),
            Proof: PayerProof.StandingOrder);
        var paid = await quotes.RedeemAsync(wallet, id, order, CancellationToken.None);
        return paid.Error;
    }

    // What passes is tried again, as long as there is time; all else ends it. The recipient's right is fixed: that his sender is frozen
    // for a while only defers it, for as long again as the name could be confirmed. Nothing that the sender does himself defers it.
    private async Task<bool> JudgeAsync(InvitationId id, Error refusal)
    {
        if (wallet.Book.Invitations.Find(id) is not { Status: InvitationStatus.Due, Wait: { } wait } due)
        {
            return false;
        }

        var longest = due.ExpiresAt + longestHold;
        var passes = refusal.Kind is ErrorKind.Unavailable or ErrorKind.RateLimited;
        if (passes && !(wait.Until <= wallet.Now))
        {
            wait.Again(wallet.Now);
        }
        else if (IsHeld(refusal, passes) && wallet.Now < longest)
        {
            wait.Later(wallet.Now + HeldPause < longest ? wallet.Now + HeldPause : longest);
        }
        else
        {
            wallet.Book.Invitations.Fail(due, refusal.Code, wallet.Now);
            LogFailed(id.Value, wallet.Key, refusal.Code);
        }

        await wallet.SaveAsync();
        return true;
    }

    // For whatever may be over by the next look. Only an account that is not opened is waited for no longer than other payments wait.
    private static bool IsHeld(Error refusal, bool passes) => (passes && refusal.Code != NotOpened.Code)
        || refusal.Code is WalletCompliance.FrozenCode or QuoteRules.AssetFrozen;

    private IEnumerable<InvitationRecord> Due() => wallet.Book.Invitations.All.Where(IsDue);

    private bool IsDue(InvitationRecord invitation) => InvitationBook.DueAt(invitation) <= wallet.Now;

    [LoggerMessage(1722, LogLevel.Warning, "Invitations of wallet {Wallet} are looked at no further for now; it is woken again")]
    private partial void LogStopped(Exception exception, string wallet);

    [LoggerMessage(1723, LogLevel.Information, "Invitation {Invitation} of wallet {Wallet} does not end: its name was confirmed in time")]
    private partial void LogConfirmed(string invitation, string wallet);

    [LoggerMessage(1724, LogLevel.Warning, "Invitation {Invitation} of wallet {Wallet} is not paid: {Code}")]
    private partial void LogFailed(string invitation, string wallet, string code);
}
