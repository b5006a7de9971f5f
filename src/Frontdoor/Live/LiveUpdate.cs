using System.Text.Json;
using StellarPay.Adapters.Postgres.Events;
using StellarPay.Frontdoor.Payments;
using StellarPay.Frontdoor.Wallets;
using StellarPay.Grains.Events;
using StellarPay.Grains.Money;

namespace StellarPay.Frontdoor.Live;

/// <summary>Something to push.</summary>
/// <param name="Method">The client's method.</param>
/// <param name="Body">Its argument.</param>
/// <param name="Revision">The wallet's revision after the change; <see cref="AlwaysNew"/> for what no state shows.</param>
/// <param name="EndedSession">The session that is at its end with this; null for most.</param>
internal sealed record LiveUpdate(string Method, object Body, long Revision, string? EndedSession = null)
{
    public const long AlwaysNew = long.MaxValue;
    public const string Balance = "balance";
    public const string Payment = "payment";
    public const string Security = "security";
    public const string Schedule = "schedule";
    public const string Invitation = "invitation";

    private static readonly JsonSerializerOptions StoredJson = new(JsonSerializerDefaults.Web);

    /// <summary>What an event means to its owner's clients, in the order in which they are told; nothing for some.</summary>
    public static IReadOnlyList<LiveUpdate> Of(FeedEvent happened) => happened.Type switch
    {
        EventTypes.WalletCreated or EventTypes.WalletOpened or EventTypes.WalletActivated
            or EventTypes.WalletBalanceChanged or EventTypes.WalletFrozen or EventTypes.WalletUnfrozen or EventTypes.WalletTierChanged
            or EventTypes.WalletClosing or EventTypes.WalletClosingFailed or EventTypes.WalletClosed =>
            [OfWallet(happened.Data.Deserialize<WalletEventData>(StoredJson)!)],
        EventTypes.WalletCredited => happened.Data.Deserialize<CreditEventData>(StoredJson)!.Wallet is { } wallet
            ? [OfWallet(wallet)]
            : [],
        _ when happened.Type.StartsWith("payment.", StringComparison.Ordinal) =>
            OfPayment(happened.Data.Deserialize<PaymentEventData>(StoredJson)!),
        _ when happened.Type.StartsWith("invitation.", StringComparison.Ordinal) =>
            OfInvitation(happened.Data.Deserialize<InvitationEventData>(StoredJson)!),
        EventTypes.WalletKeyRotating or EventTypes.WalletKeyRotated or EventTypes.WalletKeyRotationFailed =>
            [OfSecurity(SecurityJson.Of(happened))],
        _ when happened.Type.StartsWith("schedule.", StringComparison.Ordinal) =>
            [new LiveUpdate(Schedule, ScheduleUpdateJson.Of(happened), AlwaysNew)],
        _ when happened.Type.StartsWith(SecurityJson.Prefix, StringComparison.Ordinal) =>
            [OfSecurity(SecurityJson.Of(happened))],
        _ => [],
    };

    private static LiveUpdate OfSecurity(SecurityJson body) =>
        new(Security, body, AlwaysNew, body.Type is "logout" or "session_revoked" ? body.Session : null);

    private static LiveUpdate OfWallet(WalletEventData data)
    {
        var balances = data.Balances.Select(balance =>
        {
            var asset = Asset.Parse(balance.Asset);
            return new BalanceJson(asset.Code, asset.Issuer, balance.Balance, balance.Reserved, balance.Spendable, balance.Frozen);
        });
        var wallet = new WalletJson("wallet", data.WalletId, data.Address, data.Status, [.. balances], data.Revision);
        return new LiveUpdate(Balance, wallet, data.Revision);
    }

    private static LiveUpdate[] OfInvitation(InvitationEventData data)
    {
        var invitation = new LiveUpdate(Invitation, InvitationUpdateJson.Of(data), data.Revision);
        return data.Wallet is { } wallet ? [invitation, OfWallet(wallet)] : [invitation];
    }

    private static LiveUpdate[] OfPayment(PaymentEventData data)
    {
        var payment = new LiveUpdate(Payment, PaymentJson.Of(data), data.Revision);
        return data.Wallet is { } wallet ? [payment, OfWallet(wallet)] : [payment];
    }
}
