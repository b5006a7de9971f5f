namespace StellarPay.Grains.Payments;

/// <summary>What a confirmed payment waits for before it can be made.</summary>
/// <param name="For">What; <see cref="RecipientOpening"/>.</param>
/// <param name="Until">When it is given up and what it reserved is free again; null before it is confirmed.</param>
[GenerateSerializer, Immutable, Alias("sp.PaymentWait")]
public sealed record PaymentWait(
    [property: Id(0)] string For,
    [property: Id(1)] DateTimeOffset? Until)
{
    /// <summary>The recipient is a user here whose account is still being opened.</summary>
    public const string RecipientOpening = "recipient_opening";
}
