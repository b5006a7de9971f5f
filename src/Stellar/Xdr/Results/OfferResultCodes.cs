namespace StellarPay.Stellar.Xdr;

/// <summary>What became of a manage-sell-offer operation.</summary>
public enum ManageSellOfferResultCode
{
    /// <summary>Done.</summary>
    Success = 0,

    /// <summary>The operation makes no sense.</summary>
    Malformed = -1,

    /// <summary>No trustline for what is sold.</summary>
    SellNoTrust = -2,

    /// <summary>No trustline for what is bought.</summary>
    BuyNoTrust = -3,

    /// <summary>Not authorised to sell.</summary>
    SellNotAuthorized = -4,

    /// <summary>Not authorised to buy.</summary>
    BuyNotAuthorized = -5,

    /// <summary>There is no room for what is bought.</summary>
    LineFull = -6,

    /// <summary>The source does not have what it sells.</summary>
    Underfunded = -7,

    /// <summary>It would take one of the source's own offers.</summary>
    CrossSelf = -8,

    /// <summary>The issuer of what is sold does not exist.</summary>
    SellNoIssuer = -9,

    /// <summary>The issuer of what is bought does not exist.</summary>
    BuyNoIssuer = -10,

    /// <summary>The source has no such offer.</summary>
    NotFound = -11,

    /// <summary>The account would fall below its reserve.</summary>
    LowReserve = -12,
}

/// <summary>What became of a manage-buy-offer operation.</summary>
public enum ManageBuyOfferResultCode
{
    /// <summary>Done.</summary>
    Success = 0,

    /// <summary>The operation makes no sense.</summary>
    Malformed = -1,

    /// <summary>No trustline for what is sold.</summary>
    SellNoTrust = -2,

    /// <summary>No trustline for what is bought.</summary>
    BuyNoTrust = -3,

    /// <summary>Not authorised to sell.</summary>
    SellNotAuthorized = -4,

    /// <summary>Not authorised to buy.</summary>
    BuyNotAuthorized = -5,

    /// <summary>There is no room for what is bought.</summary>
    LineFull = -6,

    /// <summary>The source does not have what it sells.</summary>
    Underfunded = -7,

    /// <summary>It would take one of the source's own offers.</summary>
    CrossSelf = -8,

    /// <summary>The issuer of what is sold does not exist.</summary>
    SellNoIssuer = -9,

    /// <summary>The issuer of what is bought does not exist.</summary>
    BuyNoIssuer = -10,

    /// <summary>The source has no such offer.</summary>
    NotFound = -11,

    /// <summary>The account would fall below its reserve.</summary>
    LowReserve = -12,
}
