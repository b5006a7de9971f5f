using System.Text.Json;
using System.Text.Json.Serialization;
using StellarPay.Grains.Network;
using StellarPay.Grains.Storage;

namespace StellarPay.Grains.Refunds;

/// <summary>
/// What a session tells the merchant who holds its money: to pay some of it back. Amounts are stroops of one asset. Stored as JSON: names
/// are a contract.
/// </summary>
/// <param name="Refund">The refund, <c>re_…</c>.</param>
/// <param name="Asset">The asset in canonical form.</param>
/// <param name="IsHeld">Whether it is among what is held for payers; else of what the merchant may spend.</param>
/// <param name="Legs">Whom to pay how much, and what of the fee is given back with it.</param>
/// <param name="At">When it was asked for, by business time.</param>
/// <param name="IsAutomatic">Whether nobody asked for it but the merchant's setting.</param>
/// <param name="IsOfExcess">Whether it is of what of a payment is beyond the price, or too late; else of what was sold.</param>
/// <param name="IsByTestClock">Whether its session's test clock says when it has waited too long.</param>
/// <param name="IsClaimed">Whether its payer asked for it, and not the merchant.</param>
/// <param name="IsLittle">Whether he paid less than half of the price: such claims have a part of the day alone.</param>
internal sealed record RefundOrder(
    string Refund, string Asset, bool IsHeld, RefundOrderLeg[] Legs, DateTimeOffset At, bool IsAutomatic = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool IsOfExcess = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool IsByTestClock = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool IsClaimed = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool IsLittle = false)
{
    /// <summary>Whether it is to be paid of what was held beyond a price and is the merchant's since.</summary>
    [JsonIgnore] public bool IsOfTaken => IsOfExcess && !IsHeld;

    /// <summary>As it is told.</summary>
    public JsonElement ToJson() => JsonSerializer.SerializeToElement(this, StateJson.Options);

    /// <summary>As it was told; null where something else was.</summary>
    public static RefundOrder? Find(JsonElement content) =>
        content.ValueKind == JsonValueKind.Object && content.TryGetProperty("refund", out _) ? content.Deserialize<RefundOrder>(StateJson.Options) : null;
}

/// <summary>What one payer is to get.</summary>
/// <param name="To">Whom to pay: <c>G…</c> or <c>M…</c>.</param>
/// <param name="Stroops">How much.</param>
/// <param name="FeeStroops">What of the fee is given back with it.</param>
/// <param name="Memo">The memo by which he is known there, or null.</param>
/// <param name="IsDecided">Whether it goes where the merchant decided, and not whence it came.</param>
internal sealed record RefundOrderLeg(
    string To, long Stroops, long FeeStroops,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] RefundMemo? Memo = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool IsDecided = false);

/// <summary>
/// What a session tells its merchant of a refund that waits for money: that it is to wait no more. By the test clock by which the session
/// lives, and the merchant does not, it has waited too long; or it was to go where nothing goes any more.
/// </summary>
/// <param name="GivesUp">The refund, <c>re_…</c>.</param>
/// <param name="Leg">Which of its legs, from 0; null for all of them.</param>
/// <param name="Why">Why it fails; null for too little money.</param>
internal sealed record RefundGivenUp(
    string GivesUp,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Leg = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Why = null)
{
    /// <summary>As it is told.</summary>
    public JsonElement ToJson() => JsonSerializer.SerializeToElement(this, StateJson.Options);

    /// <summary>As it was told; null where something else was.</summary>
    public static RefundGivenUp? Find(JsonElement content) =>
        content.ValueKind == JsonValueKind.Object && content.TryGetProperty("givesUp", out _)
            ? content.Deserialize<RefundGivenUp>(StateJson.Options)
            : null;
}

/// <summary>What a merchant tells a session of a refund that it ordered.</summary>
/// <param name="Refund">The refund, <c>re_…</c>.</param>
/// <param name="Leg">Which of its legs, from 0.</param>
/// <param name="Status">Whether it was paid or never will be; pending where it waits for money.</param>
/// <param name="TransactionHash">The transaction that paid it, or that failed; null without one.</param>
/// <param name="Failure">Why it cannot be paid; null where it was or waits.</param>
internal sealed record RefundNews(string Refund, int Leg, RefundStatus Status, string? TransactionHash = null, string? Failure = null)
{
    /// <summary>As it is told.</summary>
    public JsonElement ToJson() => JsonSerializer.SerializeToElement(this, StateJson.Options);

    /// <summary>As it was told.</summary>
    public static RefundNews Of(JsonElement content) =>
        content.Deserialize<RefundNews>(StateJson.Options) ?? throw new JsonException("News of a refund say nothing.");
}

/// <summary>What a merchant tells a session of a payment that it has judged and that he never books: an operator closed it.</summary>
/// <param name="Unbooked">Where the ledger holds the payment.</param>
internal sealed record UnbookedNews(LedgerPlace Unbooked)
{
    /// <summary>As it is told.</summary>
    public JsonElement ToJson() => JsonSerializer.SerializeToElement(this, StateJson.Options);

    /// <summary>As it was told; null where something else was.</summary>
    public static UnbookedNews? Find(JsonElement content) =>
        content.ValueKind == JsonValueKind.Object && content.TryGetProperty("unbooked", out _)
            ? content.Deserialize<UnbookedNews>(StateJson.Options)
            : null;
}

/// <summary>What a session tells a merchant: that it knows what he told of a payment. Its orders of before were told before.</summary>
/// <param name="Heard">Where the ledger holds the payment.</param>
internal sealed record HeardNews(LedgerPlace Heard)
{
    /// <summary>As it is told.</summary>
    public JsonElement ToJson() => JsonSerializer.SerializeToElement(this, StateJson.Options);

    /// <summary>As it was told; null where something else was.</summary>
    public static HeardNews? Find(JsonElement content) =>
        content.ValueKind == JsonValueKind.Object && content.TryGetProperty("heard", out _)
            ? content.Deserialize<HeardNews>(StateJson.Options)
            : null;
}

/// <summary>
/// What a merchant tells a session of a payment of which it said that it is sold, and that he holds still: an operator gave that up.
/// </summary>
/// <param name="Unaccepted">Where the ledger holds the payment.</param>
internal sealed record UnacceptedNews(LedgerPlace Unaccepted)
{
    /// <summary>As it is told.</summary>
    public JsonElement ToJson() => JsonSerializer.SerializeToElement(this, StateJson.Options);

    /// <summary>As it was told; null where something else was.</summary>
    public static UnacceptedNews? Find(JsonElement content) =>
        content.ValueKind == JsonValueKind.Object && content.TryGetProperty("unaccepted", out _)
            ? content.Deserialize<UnacceptedNews>(StateJson.Options)
            : null;
}
