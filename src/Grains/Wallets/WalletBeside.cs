using Microsoft.Extensions.Logging;
using StellarPay.Grains.Invitations;
using StellarPay.Grains.Network;
using StellarPay.Grains.Sessions;

namespace StellarPay.Grains.Wallets;

/// <summary>
/// What one activation of a wallet has running beside its turns, besides its account's engine. An idle wallet keeps none of it.
/// </summary>
internal sealed class WalletBeside(
    IWalletContext wallet, WalletParts parts, WalletEngines engines, Func<Task> reread, ILogger logger)
{
    private WalletInbox? _inbox;
    private WalletOpening? _opening;
    private ClaimableScan? _scan;
    private RecipientWatch? _recipients;
    private InvitationWatch? _invitations;

    /// <summary>Whether the wallet's account is being opened.</summary>
    public bool IsOpening => wallet.State is { Status: WalletStatus.Opening, Owner: not null };

    /// <summary>Whether it is, and is not put off until there is a new day's budget.</summary>
    public bool OpensNow => IsOpening && !(wallet.State.OpensAfter > wallet.Now);

    /// <summary>Whether a sponsor is being asked for that.</summary>
    public bool IsJoining => _opening?.IsJoining is true;

    public WalletInbox Inbox => _inbox ??= new WalletInbox(
        wallet, engines.Ledger, engines.Settings.Time, reread, TakeOpening, ForgetInbox, logger);

    public WalletOpening Opening => _opening ??= new WalletOpening(wallet, engines.Opening, engines.Settings.ResumeAfter, logger);

    /// <summary>Takes in what was seen of claimable balances; whether there was anything.</summary>
    public bool TakeReadings() => _scan?.TakeReadings() is true;

    /// <summary>Looks at what it is time to look at.</summary>
    public void Look()
    {
        if (ClaimableScan.IsDue(wallet.State, wallet.Now))
        {
            _scan ??= new ClaimableScan(
                wallet, engines.Ledger.Questions, engines.Ledger.Clock, engines.Settings.Claims, engines.Settings.ResumeAfter, logger);
            _scan.Start();
        }

        if (RecipientWatch.IsDue(wallet.State, wallet.Now))
        {
            (_recipients ??= new RecipientWatch(wallet, engines.Store.Payees, logger)).Start();
        }

        if (InvitationBook.IsDue(wallet.State, wallet.Now))
        {
            (_invitations ??= new InvitationWatch(
                wallet, parts.Quotes, engines.Store.Payees, engines.Store.Invited, parts.Invitations.LongestHold, logger)).Start();
        }
    }

    /// <summary>What was flushed is stored. Whoever was told something by it is to look; nobody is waited for.</summary>
    public void Stored()
    {
        wallet.Events.Stored();
        foreach (var session in wallet.Book.Sessions.TakeTold())
        {
            wallet.Grains.GetGrain<IPaymentSessionInternal>(session).PokeAsync().Ignore();
        }
    }

    /// <summary>Goes on after the state was read again.</summary>
    public void Resume() => _inbox?.Resume();

    /// <summary>Calls it off.</summary>
    public void Stop()
    {
        _opening?.Stop();
        _scan?.Stop();
    }

    private void TakeOpening(LedgerOperation operation)
    {
        if (IsOpening)
        {
            Opening.Take(operation);
        }

        if (!IsOpening)
        {
            // Never needed again.
            _opening = null;
        }
    }

    private void ForgetInbox() => _inbox = _inbox?.IsForgettable is true ? null : _inbox;
}
