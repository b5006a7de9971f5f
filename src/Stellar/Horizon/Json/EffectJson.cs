namespace StellarPay.Stellar.Horizon.Json;

internal sealed record EffectJson : IHorizonJson<EffectRecord>
{
    public string? Type { get; init; }

    public string? Account { get; init; }

    public string? Amount { get; init; }

    public string? Asset { get; init; }

    public string? AssetType { get; init; }

    public string? AssetCode { get; init; }

    public string? AssetIssuer { get; init; }

    public string? PagingToken { get; init; }

    public EffectRecord ToRecord() => new(
        JsonField.Need(Type, "type"),
        JsonField.Account(Account, "account"),
        AssetOf(),
        JsonField.OptionalStroops(Amount, "amount"),
        JsonField.Need(PagingToken, "paging_token"));

    // Effects on claimable balances write the asset as one text, all others as three fields.
    private Xdr.Asset? AssetOf() =>
        Asset is not null ? JsonField.Asset(Asset, "asset")
        : AssetType is "native" or "credit_alphanum4" or "credit_alphanum12"
            ? JsonField.Asset(AssetType, AssetCode, AssetIssuer, "asset_type")
        : null;
}
