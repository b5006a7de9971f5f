namespace StellarPay.Grains.Network;

/// <summary>An account on the ledger, as far as payments need to know it.</summary>
/// <param name="Sequence">The sequence number that its last transaction used.</param>
/// <param name="NativeStroops">Its XLM, in stroops.</param>
/// <param name="NativeBuyingLiabilities">Stroops of XLM that its offers may still buy.</param>
/// <param name="Trustlines">Its trustlines.</param>
/// <param name="MemoRequired">Whether it demands a memo (SEP-29: the data entry <c>config.memo_required</c> is <c>1</c>).</param>
/// <param name="ReserveStroops">Stroops of its XLM that it cannot spend: its own reserve and those that it carries for others.</param>
/// <param name="LastModifiedLedger">The ledger that changed it last, as of what the network showed.</param>
public sealed record NetworkAccount(
    long Sequence,
    long NativeStroops,
    long NativeBuyingLiabilities,
    IReadOnlyList<NetworkTrustline> Trustlines,
    bool MemoRequired,
    long ReserveStroops = 0,
    long LastModifiedLedger = 0)
{
    /// <summary>What the network demands that an account hold for each entry, in stroops.</summary>
    public const long BaseReserveStroops = 5_000_000;

    /// <summary>The XLM that it can spend, in stroops.</summary>
    public long AvailableStroops => NativeStroops - ReserveStroops;
}

/// <summary>A trustline of an account. Amounts are in stroops.</summary>
/// <param name="Asset">The asset's canonical form.</param>
/// <param name="Balance">What it holds.</param>
/// <param name="Limit">The most it may hold.</param>
/// <param name="BuyingLiabilities">What the account's offers may still buy.</param>
/// <param name="Authorized">Whether the issuer lets it send and receive.</param>
/// <param name="LastModifiedLedger">The ledger that changed it last; 0 where that is not known.</param>
public sealed record NetworkTrustline(
    string Asset, long Balance, long Limit, long BuyingLiabilities, bool Authorized, long LastModifiedLedger = 0);
