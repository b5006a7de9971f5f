namespace StellarPay.Grains.Payments;

/// <summary>What the front door found out about a recipient when it read the payer's name for him.</summary>
/// <param name="IsUser">Whether he is a user here.</param>
/// <param name="Handle">The handle that he had then, without the <c>@</c>; or null. Never his e-mail or phone.</param>
/// <param name="MemoType">The kind of the memo: <c>id</c> or <c>hash</c> (base64); null for text.</param>
/// <param name="OwnMemo">Whether the memo is the recipient's domain's word (SEP-2), and not the payer's.</param>
[GenerateSerializer, Immutable, Alias("sp.RecipientFacts")]
public sealed record RecipientFacts(
    [property: Id(0)] bool IsUser,
    [property: Id(1)] string? Handle = null,
    [property: Id(2)] string? MemoType = null,
    [property: Id(3)] bool OwnMemo = false);
