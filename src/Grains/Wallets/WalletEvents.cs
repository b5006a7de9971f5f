using System.Globalization;
using System.Text.Json;
using StellarPay.Grains.Events;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Invitations;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Money;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Telemetry;

namespace StellarPay.Grains.Wallets;

/// <summary>
/// Collects the events of one change of a wallet, and puts them into the state with which they are written. That a
/// balance changed it sees for itself: the last payment or credit of the write shows it, or an event of its own.
/// </summary>
internal sealed class WalletEvents(string walletId, WalletState state, IReadOnlyList<string> assets, TimeProvider business)
{
    // Null where nothing is raised, as in all wallets that are idle.
    private List<RaisedEvent>? _raised;
    private Dictionary<string, DustCredit>? _dust;
    private PaymentSignals? _signals;
    private AssetBalance[] _published = WalletBalances.All(state, assets);

    // The revision that the state will have when it is written.
    private long NextRevision => state.Revision + 1;

    public bool Any => Count > 0;

    public int Count => (_raised?.Count ?? 0) + (_dust?.Count ?? 0);

    private List<RaisedEvent> Raised => _raised ??= [];

    private PaymentSignals Signals => _signals ??= new PaymentSignals(TimeProvider.System);

    /// <summary>The wallet itself changed; the event shows it as it is when it is written.</summary>
    public void Raise(string type) =>
        Raised.Add(new RaisedEvent(type, walletId, ShowsWallet: false, _ => EventJson.Write(Wallet())));

    /// <summary>A payment changed; the event shows it as it is now, and what there is to say of its transaction.</summary>
    public void Raise(string type, PaymentRecord payment, SubmissionEventData? submission = null, string? claimCode = null)
    {
        var data = new PaymentEventData(
            payment.Id, walletId, PaymentStatusText.Of(payment.Status), payment.Recipient, payment.Destination, payment.Asset,
            Amount.Format(payment.Stroops), payment.Memo, payment.CreatedAt, payment.ExpiresAt, payment.CompletedAt,
            payment.TransactionHash, payment.Ledger, payment.FailureCode, NextRevision,
            submission, payment.Path?.ToEventData(payment.Stroops), payment.Facts, ClaimOf(payment, claimCode),
            Wait: payment.WaitView(), Fee: payment.Fee is { } fee ? Amount.Format(fee.Stroops) : null);
        Raised.Add(new RaisedEvent(
            type, payment.Id, ShowsWallet: true, wallet => EventJson.Write(data with { Wallet = wallet })));
        Signals.Raised(type, payment, business.GetUtcNow());
    }

    /// <summary>An invitation changed; the event shows it as it is now.</summary>
    public void Raise(string type, InvitationRecord invitation)
    {
        var data = new InvitationEventData(
            invitation.Id, walletId, JsonNamingPolicy.SnakeCaseLower.ConvertName(invitation.Status.ToString()), invitation.Asset,
            Amount.Format(invitation.Stroops), invitation.CreatedAt, invitation.ExpiresAt, invitation.EndedAt, invitation.Payment,
            invitation.FailureCode, NextRevision);
        Raised.Add(new RaisedEvent(
            type, invitation.Id, ShowsWallet: true, wallet => EventJson.Write(data with { Wallet = wallet })));
    }

    /// <summary>A payment that had succeeded is in the balance; that is no event, but the end of its trace.</summary>
    public void Settled(PaymentRecord payment) => Signals.Settled(payment);

    /// <summary>What was flushed is stored.</summary>
    public void Stored()
    {
        _signals?.Tell();
        _signals = null;
    }

    /// <summary>The ledger moved something into the wallet. Of dust of one asset the sum is told when it is written.</summary>
    public void Credited(LedgerOperation operation, Amount amount, LedgerPlace place)
    {
        if (!Dust.Is(amount.Stroops))
        {
            Credit(operation, amount, place, of: 1);
            return;
        }

        _dust ??= new Dictionary<string, DustCredit>(StringComparer.Ordinal);
        var asset = amount.Asset.Canonical;
        var (of, before) = _dust.TryGetValue(asset, out var dust) ? (dust.Of, dust.Amount.Stroops) : (0, 0);
        _dust[asset] = new DustCredit(operation, amount with { Stroops = checked(before + amount.Stroops) }, place, of + 1);
    }

    private void Credit(LedgerOperation operation, Amount amount, LedgerPlace place, int of)
    {
        var data = new CreditEventData(
            walletId, IdOf(place),
            operation.TransactionHash, of > 1 ? null : operation.From ?? operation.Creator, amount.Asset.Canonical,
            amount.ToDecimalString(), of > 1 ? null : operation.Memo, operation.Ledger, operation.ClosedAt, NextRevision,
            of > 1 ? null : operation.MemoType, of > 1 ? of : null, FromMuxed: of > 1 ? null : operation.FromMuxed);
        Raised.Add(new RaisedEvent(
            EventTypes.WalletCredited, walletId, ShowsWallet: true, wallet => EventJson.Write(data with { Wallet = wallet })));
    }

    /// <summary>Puts what was raised into the outbox, and counts the revision up if anything was.</summary>
    public void Flush()
    {
        foreach (var dust in _dust?.Values.ToArray() ?? [])
        {
            Credit(dust.Last, dust.Amount, dust.Place, dust.Of);
        }

        _dust = null;
        var balances = WalletBalances.All(state, assets);
        var shower = -1;
        if (!balances.SequenceEqual(_published))
        {
            shower = Raised.FindLastIndex(raised => raised.ShowsWallet);
            if (shower < 0)
            {
                Raise(EventTypes.WalletBalanceChanged);
            }
        }

        var at = business.GetUtcNow();
        var outbox = Raised
            .Select((e, index) => new OutboxEvent(
                EventId.New(business).Value, e.Type, at, e.Subject, state.Owner, e.Data(index == shower ? Wallet() : null)))
            .ToList();
        // Only what others can see counts, so that whoever follows the events sees a gap when one is missing.
        state.Revision = outbox.Count > 0 ? NextRevision : state.Revision;
        state.Outbox = outbox;
        _published = balances;
        _raised = null;
    }

    // One call of a contract may credit a wallet more than once.
    private static string IdOf(LedgerPlace place) => place.Number == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{place.Token}")
        : string.Create(CultureInfo.InvariantCulture, $"{place.Token}-{place.Number + 1}");

    private static ClaimEventData? ClaimOf(PaymentRecord payment, string? code) => payment.Claimable is { } claimable
        ? new ClaimEventData(
            claimable.ReclaimableAfter, claimable.BalanceId,
            claimable.Status is { } status ? JsonNamingPolicy.SnakeCaseLower.ConvertName(status.ToString()) : null, code)
        : null;

    private WalletEventData Wallet() => new(
        walletId,
        state.ShownAddress,
        JsonNamingPolicy.SnakeCaseLower.ConvertName(state.ShownStatus.ToString()),
        [
            .. WalletBalances.All(state, assets).Select(b => new BalanceEventData(
                b.Asset.Canonical, Amount.Format(b.Balance), Amount.Format(b.Reserved), Amount.Format(b.Spendable),
                b.Frozen)),
        ],
        NextRevision);

    /// <param name="Last">The last of the credits.</param>
    /// <param name="Amount">Their sum.</param>
    /// <param name="Place">Where the last of them is.</param>
    /// <param name="Of">How many they are.</param>
    private readonly record struct DustCredit(LedgerOperation Last, Amount Amount, LedgerPlace Place, int Of);

    /// <param name="Type">The event's type.</param>
    /// <param name="Subject">What it is about.</param>
    /// <param name="ShowsWallet">Whether it can show the wallet besides.</param>
    /// <param name="Data">Its data, with the wallet that it is to show, or null.</param>
    private readonly record struct RaisedEvent(
        string Type, string Subject, bool ShowsWallet, Func<WalletEventData?, JsonElement> Data);
}
