namespace StellarPay.Stellar.Xdr;

/// <summary>A claimable balance as the ledger keeps it. XDR's <c>ClaimableBalanceEntry</c>.</summary>
/// <param name="BalanceId">Its id.</param>
/// <param name="Claimants">Who may claim it and when; relative times have become absolute.</param>
/// <param name="Asset">What.</param>
/// <param name="Amount">How much, in stroops.</param>
/// <param name="Flags">The <see cref="ClaimableBalanceFlags"/>; null for entries without that extension.</param>
public sealed record ClaimableBalanceEntry(
    ClaimableBalanceId BalanceId,
    ValueList<Claimant> Claimants,
    Asset Asset,
    long Amount,
    uint? Flags = null) : LedgerEntryData, IXdr<ClaimableBalanceEntry>
{
    /// <inheritdoc/>
    public override LedgerEntryType Type => LedgerEntryType.ClaimableBalance;

    /// <inheritdoc/>
    public static ClaimableBalanceEntry Read(ref XdrReader reader) => new(
        ClaimableBalanceId.Read(ref reader),
        reader.ReadList<Claimant>(CreateClaimableBalanceOperation.MaxClaimants),
        Asset.Read(ref reader),
        reader.ReadInt64(),
        reader.ReadExtension(1) ? ReadFlags(ref reader) : null);

    /// <inheritdoc/>
    public override LedgerKey ToKey() => new LedgerKeyClaimableBalance(BalanceId);

    /// <inheritdoc/>
    public override void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        BalanceId.Write(writer);
        writer.WriteList(Claimants, CreateClaimableBalanceOperation.MaxClaimants);
        Asset.Write(writer);
        writer.WriteInt64(Amount);
        writer.WriteInt32(Flags.HasValue ? 1 : 0);
        if (Flags is not { } flags)
            return;
        writer.WriteInt32(0);
        writer.WriteUInt32(flags);
    }

    private static uint ReadFlags(ref XdrReader reader)
    {
        reader.ReadVoidExtension();
        return reader.ReadUInt32();
    }
}
