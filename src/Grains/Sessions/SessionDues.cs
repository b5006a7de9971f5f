namespace StellarPay.Grains.Sessions;

/// <summary>What a session asks for.</summary>
internal static class SessionDues
{
    private const int BasisPointsInAll = 10_000;

    /// <summary>What it costs in an asset; null where it does not take that.</summary>
    public static SessionLock? LockOf(this PaymentSessionState state, string asset) =>
        Array.Find(state.Locks, each => each.Asset == asset);

    /// <summary>With how much it is paid: the price less the tolerance.</summary>
    public static long EnoughOf(this PaymentSessionState state, SessionLock due) =>
        (long)(((Int128)due.DueStroops * (BasisPointsInAll - state.ToleranceBasisPoints) + BasisPointsInAll - 1) / BasisPointsInAll);
}
