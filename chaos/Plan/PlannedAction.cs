namespace StellarPay.Chaos.Plan;

/// <summary>One thing that a client does.</summary>
/// <param name="Number">Counts from 0; the idempotency keys are made of it.</param>
/// <param name="At">When, from the beginning.</param>
/// <param name="Kind">What.</param>
/// <param name="Payer">The number of the user who acts.</param>
/// <param name="Payee">The number of another user.</param>
/// <param name="ByAddress">Whether the payee is named by the account's address instead of the e-mail address.</param>
/// <param name="Asset">The asset's code.</param>
/// <param name="Stroops">How much.</param>
/// <param name="Memo">The memo, or null.</param>
/// <param name="Pause">A pause within the action: before hanging up, or between two steps.</param>
internal sealed record PlannedAction(
    int Number,
    TimeSpan At,
    ActionKind Kind,
    int Payer,
    int Payee,
    bool ByAddress,
    string Asset,
    long Stroops,
    string? Memo,
    TimeSpan Pause);
