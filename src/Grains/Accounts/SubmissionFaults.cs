using StellarPay.Grains.Faults;

namespace StellarPay.Grains.Accounts;

/// <summary>The fault points of tests and chaos that a kind of owner passes with each transaction; null for none.</summary>
/// <param name="Signing">The owner is about to sign; nothing is stored.</param>
/// <param name="Persisting">It is signed, and about to be stored.</param>
/// <param name="Signed">It is stored, and not submitted.</param>
/// <param name="Answered">The network has answered; the owner does not know.</param>
internal sealed record SubmissionFaults(string? Signing, string? Persisting, string Signed, string Answered)
{
    /// <summary>Those of owners that pay.</summary>
    public static SubmissionFaults Payment { get; } = new(
        FaultPoint.PaymentSigning, FaultPoint.PaymentPersisting, FaultPoint.PaymentSigned, FaultPoint.PaymentSubmitted);
}
