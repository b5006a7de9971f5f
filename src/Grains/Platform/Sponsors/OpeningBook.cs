using StellarPay.Grains.Accounts;
using StellarPay.Grains.Network;

namespace StellarPay.Grains.Platform.Sponsors;

/// <summary>How transactions that open accounts end. The accounts are told once that is stored.</summary>
internal sealed class OpeningBook(OpeningApplicants applicants) : ISubmissionParty
{
    private bool? _succeeded;

    public static string[] Members(Submission submission) =>
        [.. submission.Operations.Select(operation => operation.Subject).Distinct(StringComparer.Ordinal)];

    public void Signed(Submission submission) => applicants.Leave();

    public void Landed(Submission submission, Landing landing) => _succeeded = true;

    /// <summary>That it came too late, or another took its number, is none of its accounts' doing.</summary>
    public void Refused(Submission submission, Refusal refusal) =>
        _succeeded = refusal.Code is SubmissionDriver.TooLate or SubmissionDriver.BadSequence ? null : false;

    /// <summary>It is stored how a transaction ended.</summary>
    public void Tell(Submission submission)
    {
        var move = _succeeded is true ? OpeningMove.Opened : OpeningMove.Again;
        applicants.End(
            Members(submission), new OpeningStep(move, TransactionHash: submission.PresentHash()), _succeeded);
    }
}
