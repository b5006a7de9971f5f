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
internal sealed partial class HorizonJson : JsonSerializerContext;
