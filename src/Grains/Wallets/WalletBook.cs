using StellarPay.Grains.Accounts;
using StellarPay.Grains.Claims;
using StellarPay.Grains.Invitations;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Limits;
using StellarPay.Grains.Money;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;

namespace StellarPay.Grains.Wallets;

/// <summary>
/// What the ledger does to a wallet, into its state: the balances here, payments, claims and transactions in books of their
/// own. Touches nothing but the state; the grain writes it.
/// </summary>
internal sealed class WalletBook
{
    private readonly WalletState _state;
    private readonly WalletEvents _events;

    public WalletBook(WalletState state, WalletEvents events, ClaimRules? claims = null, params ISubmissionParty[] others)
    {
        (_state, _events) = (state, events);
        Invitations = new InvitationBook(state, events);
        Payments = new PaymentBook(state, events, Invitations);
        Claims = new ClaimBook(state, events, claims ?? ClaimRules.Nothing);
        Sessions = new SessionTidings(state, Payments);
        // Sessions are told of payments as these have become.
        Submissions = new SubmissionBook(state, [Payments, Sessions, Claims, .. others]);
    }

    /// <summary>The wallet's own payments.</summary>
    public PaymentBook Payments { get; }

    /// <summary>What payment sessions are told of the payments.</summary>
    public SessionTidings Sessions { get; }

    /// <summary>What the wallet sets aside for names that nobody has confirmed.</summary>
    public InvitationBook Invitations { get; }

    /// <summary>How many invitations that are over are kept.</summary>
    public int InvitationsKept { get; init; } = InvitationBook.KeptOverOf(new InvitationOptions());

    /// <summary>Claimable balances, own and others'.</summary>
    public ClaimBook Claims { get; }

    /// <summary>The wallet's transactions.</summary>
    public SubmissionBook Submissions { get; }

    /// <summary>Takes in what a ledger did: how a transaction of this wallet ended, or one movement.</summary>
    public void Apply(LedgerEntry entry, DateTimeOffset now)
    {
        if (entry.Outcome is { } outcome)
        {
            if (outcome.FeeAccount == _state.Address)
            {
                WalletBalances.Add(_state, Asset.Native.Canonical, checked(-outcome.FeeStroops));
                _state.BookFee(_state.Address, outcome);
            }

            Submissions.Take(outcome, now);
        }
        else if (entry.Movement is { Successful: true } movement
            && movement.Accounts().Contains(_state.Address, StringComparer.Ordinal))
        {
            Take(movement, entry.Place, now);
        }
    }

    /// <summary>Forgets what is not needed any more.</summary>
    public void Prune(DateTimeOffset now)
    {
        LimitLedger.Prune(_state, now);
        FailedPaths.Prune(_state, now);
        Sessions.TellEnds();
        Payments.Prune();
        Invitations.Prune(InvitationsKept);
    }

    private void Take(LedgerOperation operation, LedgerPlace place, DateTimeOffset now)
    {
        Trustlines.Take(_state, operation);
        var paid = false;
        foreach (var moved in operation.Movements())
        {
            if (moved.From == _state.Address)
            {
                paid = true;
                WalletBalances.Add(_state, moved.Sent.Asset.Canonical, checked(-moved.Sent.Stroops));
                Journal(operation, place, BookedKind.OfPayer(operation), moved.Sent);
            }

            if (moved.To == _state.Address)
            {
                WalletBalances.Add(_state, moved.Received.Asset.Canonical, moved.Received.Stroops);
                Journal(operation, place, BookedKind.Received, moved.Received);
                if (moved.Received.Stroops > 0)
                {
                    _events.Credited(operation, moved.Received, place);
                }
            }
        }

        if (Bookings.EndsBalance(operation) && operation.Creator == _state.Address && AmountOf(operation) is { } claimed)
        {
            Journal(operation, place, BookedKind.Claimed, claimed);
        }

        if (paid || operation.BalanceId is not null)
        {
            Submissions.Take(operation, now);
            Payments.Settle(operation);
            Claims.Take(operation, now);
        }
    }

    // What the ledger says of a balance that an issuer took is not how much it was; the payment that made it does.
    private Amount? AmountOf(LedgerOperation operation) => operation.Amount
        ?? (Claims.FindByBalance(operation.BalanceId!) is { } payment ? new Amount(Asset.Parse(payment.Asset), payment.Stroops) : null);

    private void Journal(LedgerOperation operation, LedgerPlace place, string kind, Amount amount)
    {
        if (amount.Stroops > 0)
        {
            _state.Book(_state.Address, operation, place, kind, amount);
        }
    }
}
