using StellarPay.Stellar.Xdr;

namespace StellarPay.Stellar.Horizon;

/// <summary>An account as it is after the last ledger that Horizon knows.</summary>
public sealed record AccountRecord : IHorizonRecord
{
    /// <summary>The account.</summary>
    public required AccountId AccountId { get; init; }

    /// <summary>The sequence number last used; a transaction's is one more.</summary>
    public required long Sequence { get; init; }

    /// <summary>How many entries (trustlines, offers, signers, data) it owns, which raise its reserve.</summary>
    public int SubentryCount { get; init; }

    /// <summary>How many reserves it pays for others.</summary>
    public int NumSponsoring { get; init; }

    /// <summary>How many of its reserves others pay.</summary>
    public int NumSponsored { get; init; }

    /// <summary>Who pays the account's own reserve, if someone else does.</summary>
    public AccountId? Sponsor { get; init; }

    /// <summary>The domain that speaks for the account (SEP-1); null if none.</summary>
    public string? HomeDomain { get; init; }

    /// <summary>The ledger that changed it last.</summary>
    public uint LastModifiedLedger { get; init; }

    /// <summary>Signature weight needed for small matters.</summary>
    public byte LowThreshold { get; init; }

    /// <summary>Signature weight needed for payments and most else.</summary>
    public byte MediumThreshold { get; init; }

    /// <summary>Signature weight needed to change signers and thresholds or merge the account.</summary>
    public byte HighThreshold { get; init; }

    /// <summary>Whether trust in its assets needs its authorisation.</summary>
    public bool AuthRequired { get; init; }

    /// <summary>Whether it may revoke authorisation.</summary>
    public bool AuthRevocable { get; init; }

    /// <summary>Whether its flags can never change again.</summary>
    public bool AuthImmutable { get; init; }

    /// <summary>Whether it may claw its assets back.</summary>
    public bool AuthClawbackEnabled { get; init; }

    /// <summary>Its balances; the native one is among them.</summary>
    public required IReadOnlyList<AccountBalance> Balances { get; init; }

    /// <summary>Its signers; its own key is among them.</summary>
    public required IReadOnlyList<AccountSigner> Signers { get; init; }

    /// <summary>Its data entries, name to value.</summary>
    public required IReadOnlyDictionary<string, Bytes> Data { get; init; }

    /// <inheritdoc/>
    public required string PagingToken { get; init; }

    /// <summary>The balance of an asset; null if the account has no trustline for it.</summary>
    public AccountBalance? Balance(Asset asset) => Balances.FirstOrDefault(balance => balance.Asset == asset);
}

/// <summary>What an account holds of one asset. Amounts are stroops.</summary>
public sealed record AccountBalance
{
    /// <summary>The asset; null for a share of a liquidity pool.</summary>
    public Asset? Asset { get; init; }

    /// <summary>The pool's id in hexadecimal digits, for a share of a liquidity pool.</summary>
    public string? LiquidityPoolId { get; init; }

    /// <summary>What it holds.</summary>
    public required long Balance { get; init; }

    /// <summary>The most that it may hold; null for the native asset.</summary>
    public long? Limit { get; init; }

    /// <summary>What its offers may still bring.</summary>
    public long BuyingLiabilities { get; init; }

    /// <summary>What its offers may still take; not spendable.</summary>
    public long SellingLiabilities { get; init; }

    /// <summary>Whether the issuer lets it receive and send; true for the native asset.</summary>
    public bool IsAuthorized { get; init; }

    /// <summary>Whether the issuer lets it keep its offers, at least.</summary>
    public bool IsAuthorizedToMaintainLiabilities { get; init; }

    /// <summary>Whether the issuer may claw it back.</summary>
    public bool IsClawbackEnabled { get; init; }

    /// <summary>Who pays the trustline's reserve, if someone else does.</summary>
    public AccountId? Sponsor { get; init; }

    /// <summary>The ledger that changed the trustline last; null for the native asset.</summary>
    public uint? LastModifiedLedger { get; init; }
}

/// <summary>A signer of an account.</summary>
/// <param name="Key">Its StrKey: G, T, X or P.</param>
/// <param name="Type">What it is: ed25519_public_key, sha256_hash, preauth_tx or ed25519_signed_payload.</param>
/// <param name="Weight">Its weight, 0 to 255.</param>
/// <param name="Sponsor">Who pays its reserve, if someone else does.</param>
public sealed record AccountSigner(string Key, string Type, int Weight, AccountId? Sponsor);
