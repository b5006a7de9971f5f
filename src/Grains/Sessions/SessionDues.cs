using StellarPay.Grains.Ledger;
using StellarPay.Grains.Network;

namespace StellarPay.Grains.Sessions;

/// <summary>What a session asks for, and what of it came.</summary>
internal static class SessionDues
{
    private const int BasisPointsInAll = 10_000;

    /// <summary>What it costs in an asset; null where it does not take that.</summary>
    public static SessionLock? LockOf(this PaymentSessionState state, string asset) =>
        Array.Find(state.Locks, each => each.Asset == asset);

    /// <summary>
    /// Whether a movement comes before its end: by the ledger's clock; by a test clock where that stood when it was delivered, for no
    /// ledger closes at its times.
    /// </summary>
    public static bool IsInTime(this PaymentSessionState state, LedgerOperation movement, DateTimeOffset now) =>
        state.Clock is null ? movement.ClosedAt <= state.ExpiresAt
        : state.EndLedger is { } last ? movement.Ledger <= last
        : now < state.ExpiresAt;

    /// <summary>
    /// When a movement came, by the session's test clock. What was read before that came to the session's end came by then, whenever it is
    /// judged.
    /// </summary>
    public static DateTimeOffset DeliveredAt(this PaymentSessionState state, LedgerOperation movement, DateTimeOffset now) =>
        state.EndLedger >= movement.Ledger && now > state.ExpiresAt ? state.ExpiresAt : now;

    /// <summary>Whether it has judged what came at a place of the ledger: as a payment, or in vain.</summary>
    public static bool HasJudged(this PaymentSessionState state, LedgerPlace place) =>
        state.Unbooked.Contains(place) || state.Payments.Exists(each => Excesses.PlaceOf(each) == place);

    /// <summary>With how much it is paid: the price less the tolerance.</summary>
    public static long EnoughOf(this PaymentSessionState state, SessionLock due) =>
        (long)(((Int128)due.DueStroops * (BasisPointsInAll - state.ToleranceBasisPoints) + BasisPointsInAll - 1) / BasisPointsInAll);
}
