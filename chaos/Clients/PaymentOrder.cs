using System.Text.Json.Serialization;
using StellarPay.Chaos.Plan;

namespace StellarPay.Chaos.Clients;

/// <summary>A request for a payment, as it goes over the wire and as it is repeated.</summary>
internal sealed record PaymentOrder(string Recipient, string Asset, string Amount, string? Memo, bool Confirm, string? Key)
{
    public const string Path = "/v1/payments";
    private const decimal StroopsAUnit = 10_000_000m;

    /// <summary>What the payer spends, where that is another asset.</summary>
    public string? SourceAsset { get; init; }

    /// <summary>Exactly what is spent of it, instead of exactly what arrives.</summary>
    public bool SourceIsExact { get; init; }

    /// <summary>After how many days what nobody could receive can be had back; null if it is not to be set aside.</summary>
    public int? ReclaimAfterDays { get; init; }

    /// <summary>Whether it pays what is left of a session, which says itself how much that is.</summary>
    public bool IsOfSession { get; init; }

    public PaymentBody Body => new(Recipient, Asset, SourceIsExact || IsOfSession ? null : Amount, Memo, Confirm)
    {
        SourceAsset = SourceAsset,
        SourceAmount = SourceIsExact ? Amount : null,
        Claimable = ReclaimAfterDays is null ? null : true,
        ReclaimAfterDays = ReclaimAfterDays,
    };

    /// <summary>The order that an action describes.</summary>
    public static PaymentOrder Of(PlannedAction action, ChaosUser payee, bool confirm, string? key) => new(
        action.ByAddress ? payee.Address : payee.Email,
        action.Asset,
        Decimal(action.Stroops),
        action.Memo,
        confirm,
        key);

    /// <summary>What is left of a session is paid by its id.</summary>
    public static PaymentOrder OfSession(string session, string key) =>
        new(session, "USDC", "", Memo: null, Confirm: true, key) { IsOfSession = true };

    public static string Decimal(long stroops) =>
        (stroops / StroopsAUnit).ToString("0.#######", System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>The body of the request.</summary>
internal sealed record PaymentBody(string Recipient, string Asset, string? Amount, string? Memo, bool Confirm)
{
    [JsonPropertyName("source_asset")] public string? SourceAsset { get; init; }

    [JsonPropertyName("source_amount")] public string? SourceAmount { get; init; }

    public bool? Claimable { get; init; }

    [JsonPropertyName("reclaim_after_days")] public int? ReclaimAfterDays { get; init; }
}
