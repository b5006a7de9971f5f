namespace StellarPay.Stellar.Xdr;

/// <summary>What became of a begin-sponsoring-future-reserves operation.</summary>
public enum BeginSponsoringFutureReservesResultCode
{
    /// <summary>Done.</summary>
    Success = 0,

    /// <summary>The operation makes no sense.</summary>
    Malformed = -1,

    /// <summary>The account is being sponsored already.</summary>
    AlreadySponsored = -2,

    /// <summary>The sponsor is being sponsored, or the sponsored sponsors.</summary>
    Recursive = -3,
}

/// <summary>What became of an end-sponsoring-future-reserves operation.</summary>
public enum EndSponsoringFutureReservesResultCode
{
    /// <summary>Done.</summary>
    Success = 0,

    /// <summary>The source is not being sponsored.</summary>
    NotSponsored = -1,
}

/// <summary>What became of a revoke-sponsorship operation.</summary>
public enum RevokeSponsorshipResultCode
{
    /// <summary>Done.</summary>
    Success = 0,

    /// <summary>There is no such entry or signer.</summary>
    DoesNotExist = -1,

    /// <summary>The source does not sponsor it.</summary>
    NotSponsor = -2,

    /// <summary>The account would fall below its reserve.</summary>
    LowReserve = -3,

    /// <summary>It cannot be without a sponsor.</summary>
    OnlyTransferable = -4,

    /// <summary>The operation makes no sense.</summary>
    Malformed = -5,
}
