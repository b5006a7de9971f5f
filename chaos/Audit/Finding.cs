namespace StellarPay.Chaos.Audit;

/// <summary>Something that must never be, and was.</summary>
/// <param name="Rule">The rule that is broken, in a word.</param>
/// <param name="Subject">The payment, wallet, operation or chain.</param>
/// <param name="Evidence">What was seen, in a sentence.</param>
public sealed record Finding(string Rule, string Subject, string Evidence)
{
    /// <inheritdoc />
    public override string ToString() => $"[{Rule}] {Subject}: {Evidence}";
}
