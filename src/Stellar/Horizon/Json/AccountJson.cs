using StellarPay.Stellar.Xdr;

namespace StellarPay.Stellar.Horizon.Json;

internal sealed record AccountJson : IHorizonJson<AccountRecord>
{
    public string? AccountId { get; init; }

    public string? Sequence { get; init; }

    public int SubentryCount { get; init; }

    public int NumSponsoring { get; init; }

    public int NumSponsored { get; init; }

    public string? Sponsor { get; init; }

    public string? HomeDomain { get; init; }

    public uint LastModifiedLedger { get; init; }

    public ThresholdsJson? Thresholds { get; init; }

    public FlagsJson? Flags { get; init; }

    public List<BalanceJson>? Balances { get; init; }

    public List<SignerJson>? Signers { get; init; }

    public Dictionary<string, string>? Data { get; init; }

    public string? PagingToken { get; init; }

    public AccountRecord ToRecord() => new()
    {
        AccountId = JsonField.Account(AccountId, "account_id"),
        Sequence = JsonField.Int64(Sequence, "sequence"),
        SubentryCount = SubentryCount,
        NumSponsoring = NumSponsoring,
        NumSponsored = NumSponsored,
        Sponsor = JsonField.OptionalAccount(Sponsor, "sponsor"),
        HomeDomain = string.IsNullOrEmpty(HomeDomain) ? null : HomeDomain,
        LastModifiedLedger = LastModifiedLedger,
        LowThreshold = Thresholds?.LowThreshold ?? 0,
        MediumThreshold = Thresholds?.MedThreshold ?? 0,
        HighThreshold = Thresholds?.HighThreshold ?? 0,
        AuthRequired = Flags?.AuthRequired ?? false,
        AuthRevocable = Flags?.AuthRevocable ?? false,
        AuthImmutable = Flags?.AuthImmutable ?? false,
        AuthClawbackEnabled = Flags?.AuthClawbackEnabled ?? false,
        Balances = [.. JsonField.Need(Balances, "balances").Select(balance => balance.ToRecord())],
        Signers = [.. JsonField.Need(Signers, "signers").Select(signer => signer.ToRecord())],
        Data = (Data ?? []).ToDictionary(
            entry => entry.Key, entry => Bytes.Create(JsonField.Base64(entry.Value, "data"))),
        PagingToken = JsonField.Need(PagingToken, "paging_token"),
    };
}

internal sealed record ThresholdsJson
{
    public byte LowThreshold { get; init; }

    public byte MedThreshold { get; init; }

    public byte HighThreshold { get; init; }
}

internal sealed record FlagsJson
{
    public bool AuthRequired { get; init; }

    public bool AuthRevocable { get; init; }

    public bool AuthImmutable { get; init; }

    public bool AuthClawbackEnabled { get; init; }
}

internal sealed record BalanceJson
{
    public string? Balance { get; init; }

    public string? LiquidityPoolId { get; init; }

    public string? Limit { get; init; }

    public string? BuyingLiabilities { get; init; }

    public string? SellingLiabilities { get; init; }

    public string? Sponsor { get; init; }

    public bool? IsAuthorized { get; init; }

    public bool? IsAuthorizedToMaintainLiabilities { get; init; }

    public bool? IsClawbackEnabled { get; init; }

    public string? AssetType { get; init; }

    public string? AssetCode { get; init; }

    public string? AssetIssuer { get; init; }

    public uint? LastModifiedLedger { get; init; }

    public AccountBalance ToRecord() => new()
    {
        Asset = AssetType == "liquidity_pool_shares"
            ? null
            : JsonField.Asset(AssetType, AssetCode, AssetIssuer, "balances.asset_type"),
        LiquidityPoolId = LiquidityPoolId,
        Balance = JsonField.Stroops(Balance, "balances.balance"),
        Limit = JsonField.OptionalStroops(Limit, "balances.limit"),
        BuyingLiabilities = JsonField.OptionalStroops(BuyingLiabilities, "balances.buying_liabilities") ?? 0,
        SellingLiabilities = JsonField.OptionalStroops(SellingLiabilities, "balances.selling_liabilities") ?? 0,
        IsAuthorized = IsAuthorized ?? AssetType == "native",
        IsAuthorizedToMaintainLiabilities = IsAuthorizedToMaintainLiabilities ?? AssetType == "native",
        IsClawbackEnabled = IsClawbackEnabled ?? false,
        Sponsor = JsonField.OptionalAccount(Sponsor, "balances.sponsor"),
        LastModifiedLedger = LastModifiedLedger,
    };
}

internal sealed record SignerJson
{
    public string? Key { get; init; }

    public string? Type { get; init; }

    public int Weight { get; init; }

    public string? Sponsor { get; init; }

    public AccountSigner ToRecord() => new(
        JsonField.Need(Key, "signers.key"),
        JsonField.Need(Type, "signers.type"),
        Weight,
        JsonField.OptionalAccount(Sponsor, "signers.sponsor"));
}
