namespace StellarPay.Adapters.Rates;

/// <summary>What one source can say of a rate.</summary>
/// <param name="Latest">What it told last; null where it told nothing yet.</param>
/// <param name="Reading">What is under way to learn more; ended where nothing is.</param>
internal sealed record RateLook(Func<RateQuote?> Latest, Task Reading);
