using System.Text.Json;
using System.Text.Json.Serialization;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Stellar.Horizon.Json;

/// <summary>
/// Every field of those operations that have a record of their own; the rest stay in <see cref="Rest"/>.
/// </summary>
internal sealed record OperationJson : IHorizonJson<OperationRecord>
{
    public string? Id { get; init; }

    public string? PagingToken { get; init; }

    public string? TransactionHash { get; init; }

    public bool? TransactionSuccessful { get; init; }

    public string? SourceAccount { get; init; }

    public ulong? SourceAccountMuxedId { get; init; }

    public string? Type { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    public TransactionJson? Transaction { get; init; }

    public string? From { get; init; }

    public ulong? FromMuxedId { get; init; }

    public string? To { get; init; }

    public ulong? ToMuxedId { get; init; }

    public string? AssetType { get; init; }

    public string? AssetCode { get; init; }

    public string? AssetIssuer { get; init; }

    public string? Asset { get; init; }

    public string? Amount { get; init; }

    public string? SourceAmount { get; init; }

    public string? SourceAssetType { get; init; }

    public string? SourceAssetCode { get; init; }

    public string? SourceAssetIssuer { get; init; }

    public string? Funder { get; init; }

    public ulong? FunderMuxedId { get; init; }

    public string? Account { get; init; }

    public ulong? AccountMuxedId { get; init; }

    public string? StartingBalance { get; init; }

    public string? Into { get; init; }

    public ulong? IntoMuxedId { get; init; }

    public string? BalanceId { get; init; }

    public string? Claimant { get; init; }

    public ulong? ClaimantMuxedId { get; init; }

    public List<BalanceClaimantJson>? Claimants { get; init; }

    public string? Trustor { get; init; }

    public bool? Authorize { get; init; }

    public List<uint>? SetFlags { get; init; }

    public List<uint>? ClearFlags { get; init; }

    public string? Function { get; init; }

    public List<JsonElement>? AssetBalanceChanges { get; init; }

    // Not init: the generated reader cannot give extension data to a constructor.
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Rest { get; set; }

    public OperationRecord ToRecord() => OperationMapping.ToRecord(this);
}
