namespace StellarPay.Stellar.Xdr;

/// <summary>Starts paying the reserves that another account needs in this transaction (CAP-33).</summary>
/// <param name="SponsoredId">The account whose reserves are paid.</param>
public sealed record BeginSponsoringFutureReservesOperation(AccountId SponsoredId) : OperationBody
{
    /// <inheritdoc/>
    public override OperationType Type => OperationType.BeginSponsoringFutureReserves;

    internal static BeginSponsoringFutureReservesOperation ReadBody(ref XdrReader reader) => new(
        AccountId.Read(ref reader));

    private protected override void WriteBody(XdrWriter writer) => SponsoredId.Write(writer);
}

/// <summary>Ends a sponsorship; its source is the sponsored account.</summary>
public sealed record EndSponsoringFutureReservesOperation : OperationBody
{
    private EndSponsoringFutureReservesOperation()
    {
    }

    /// <summary>The one value.</summary>
    public static EndSponsoringFutureReservesOperation Instance { get; } = new();

    /// <inheritdoc/>
    public override OperationType Type => OperationType.EndSponsoringFutureReserves;

    private protected override void WriteBody(XdrWriter writer)
    {
    }
}

/// <summary>Ends or passes on the sponsorship of a ledger entry or signer. Exactly one of the two is named.</summary>
public sealed record RevokeSponsorshipOperation : OperationBody
{
    private const int OfLedgerEntry = 0;
    private const int OfSigner = 1;

    /// <summary>Of a ledger entry.</summary>
    /// <param name="entry">Which.</param>
    public RevokeSponsorshipOperation(LedgerKey entry) => Entry = entry;

    /// <summary>Of a signer.</summary>
    /// <param name="signer">Which.</param>
    public RevokeSponsorshipOperation(SponsoredSigner signer) => Signer = signer;

    /// <inheritdoc/>
    public override OperationType Type => OperationType.RevokeSponsorship;

    /// <summary>The ledger entry, or null.</summary>
    public LedgerKey? Entry { get; }

    /// <summary>The signer, or null.</summary>
    public SponsoredSigner? Signer { get; }

    internal static RevokeSponsorshipOperation ReadBody(ref XdrReader reader)
    {
        var type = reader.ReadInt32();
        return type switch
        {
            OfLedgerEntry => new RevokeSponsorshipOperation(LedgerKey.Read(ref reader)),
            OfSigner => new RevokeSponsorshipOperation(
                new SponsoredSigner(AccountId.Read(ref reader), SignerKey.Read(ref reader))),
            _ => throw XdrException.Discriminant("revoke sponsorship type", type),
        };
    }

    private protected override void WriteBody(XdrWriter writer)
    {
        writer.WriteInt32(Signer is null ? OfLedgerEntry : OfSigner);
        Entry?.Write(writer);
        Signer?.Account.Write(writer);
        Signer?.Key.Write(writer);
    }
}

/// <summary>A signer whose reserve someone else pays.</summary>
/// <param name="Account">Whose signer.</param>
/// <param name="Key">Which.</param>
public sealed record SponsoredSigner(AccountId Account, SignerKey Key);
