namespace StellarPay.Stellar.Xdr;

/// <summary>The result of a begin-sponsoring-future-reserves operation.</summary>
/// <param name="Code">What became of it.</param>
public sealed record BeginSponsoringFutureReservesResult(BeginSponsoringFutureReservesResultCode Code)
    : OperationResultBody
{
    /// <inheritdoc/>
    public override OperationType Type => OperationType.BeginSponsoringFutureReserves;

    /// <inheritdoc/>
    public override int CodeValue => (int)Code;

    internal static BeginSponsoringFutureReservesResult ReadBody(ref XdrReader reader) =>
        new(reader.ReadEnum<BeginSponsoringFutureReservesResultCode>());
}

/// <summary>The result of an end-sponsoring-future-reserves operation.</summary>
/// <param name="Code">What became of it.</param>
public sealed record EndSponsoringFutureReservesResult(EndSponsoringFutureReservesResultCode Code) : OperationResultBody
{
    /// <inheritdoc/>
    public override OperationType Type => OperationType.EndSponsoringFutureReserves;

    /// <inheritdoc/>
    public override int CodeValue => (int)Code;

    internal static EndSponsoringFutureReservesResult ReadBody(ref XdrReader reader) =>
        new(reader.ReadEnum<EndSponsoringFutureReservesResultCode>());
}

/// <summary>The result of a revoke-sponsorship operation.</summary>
/// <param name="Code">What became of it.</param>
public sealed record RevokeSponsorshipResult(RevokeSponsorshipResultCode Code) : OperationResultBody
{
    /// <inheritdoc/>
    public override OperationType Type => OperationType.RevokeSponsorship;

    /// <inheritdoc/>
    public override int CodeValue => (int)Code;

    internal static RevokeSponsorshipResult ReadBody(ref XdrReader reader) =>
        new(reader.ReadEnum<RevokeSponsorshipResultCode>());
}
