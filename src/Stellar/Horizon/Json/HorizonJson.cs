using System.Text.Json.Serialization;

namespace StellarPay.Stellar.Horizon.Json;

/// <summary>
/// Generated readers for everything that Horizon answers with. Horizon writes many numbers as strings.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    NumberHandling = JsonNumberHandling.AllowReadingFromString,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ProblemJson))]
[JsonSerializable(typeof(AsyncSubmissionJson))]
[JsonSerializable(typeof(SubmittedJson))]
[JsonSerializable(typeof(RootJson))]
[JsonSerializable(typeof(FeeStatsJson))]
[JsonSerializable(typeof(AccountJson))]
[JsonSerializable(typeof(LedgerJson))]
[JsonSerializable(typeof(PageJson<LedgerJson, LedgerRecord>), TypeInfoPropertyName = "LedgerPage")]
[JsonSerializable(typeof(TransactionJson))]
[JsonSerializable(typeof(PageJson<TransactionJson, TransactionRecord>), TypeInfoPropertyName = "TransactionPage")]
[JsonSerializable(typeof(OperationJson))]
[JsonSerializable(typeof(PageJson<OperationJson, OperationRecord>), TypeInfoPropertyName = "OperationPage")]
[JsonSerializable(typeof(OperationLinesJson))]
[JsonSerializable(typeof(BalanceChangeJson))]
[JsonSerializable(typeof(PageJson<EffectJson, EffectRecord>), TypeInfoPropertyName = "EffectPage")]
[JsonSerializable(typeof(PageJson<AssetJson, AssetRecord>), TypeInfoPropertyName = "AssetPage")]
[JsonSerializable(typeof(PageJson<OfferJson, OfferRecord>), TypeInfoPropertyName = "OfferPage")]
[JsonSerializable(typeof(ClaimableBalanceJson))]
[JsonSerializable(
    typeof(PageJson<ClaimableBalanceJson, ClaimableBalanceRecord>), TypeInfoPropertyName = "ClaimableBalancePage")]
[JsonSerializable(typeof(PathsJson))]
[JsonSerializable(typeof(OrderBookJson))]
internal sealed partial class HorizonJson : JsonSerializerContext;
