using System.Text.Json.Serialization;

namespace StellarPay.Grains.Events;

/// <summary>The data of invitation events: the invitation after the change. The name stands in none: only its sender can read it.</summary>
/// <param name="InvitationId">The invitation.</param>
/// <param name="WalletId">The wallet that pays.</param>
/// <param name="Status">The status in snake_case.</param>
/// <param name="Asset">The canonical form.</param>
/// <param name="Amount">A decimal string.</param>
/// <param name="CreatedAt">When it was made, in UTC.</param>
/// <param name="ExpiresAt">Until when the name can be confirmed, in UTC.</param>
/// <param name="EndedAt">When it was over, in UTC, or null.</param>
/// <param name="PaymentId">Its payment, or null.</param>
/// <param name="FailureCode">Why it failed, or null.</param>
/// <param name="Revision">The wallet's revision after the change.</param>
/// <param name="Wallet">The wallet after all that was written with this, in the last such event, where its balances changed; else left out.</param>
public sealed record InvitationEventData(
    string InvitationId, string WalletId, string Status, string Asset, string Amount, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt,
    DateTimeOffset? EndedAt, string? PaymentId, string? FailureCode, long Revision,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] WalletEventData? Wallet = null);
