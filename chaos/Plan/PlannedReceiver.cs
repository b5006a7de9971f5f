namespace StellarPay.Chaos.Plan;

/// <summary>From when on a merchant's server does something else.</summary>
/// <param name="At">When, from the beginning.</param>
/// <param name="Shop">The number of the merchant.</param>
/// <param name="Mode">What it does from then on.</param>
internal sealed record PlannedReceiver(TimeSpan At, int Shop, ReceiverMode Mode);
