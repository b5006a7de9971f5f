using StellarPay.Grains.Accounts;
using StellarPay.Grains.Network;

namespace StellarPay.Grains.Platform.Sponsors;

/// <summary>How transactions that open accounts end. The accounts are told once that is stored.</summary>
/// <param name="lease">What is used of the sponsor's share of the day's budget.</param>
/// <param name="applicants">The accounts that wait.</param>
/// <param name="now">Business time.</param>
internal sealed class OpeningBook(OpeningLease lease, OpeningApplicants applicants, Func<DateTimeOffset> now) : ISubmissionParty
{
    // Codes of an operation for which the sponsor had too little XLM, which is none of its account's doing.
    private static readonly HashSet<string> SponsorsFault = new(StringComparer.Ordinal) { "op_low_reserve", "op_underfunded" };

    private bool? _succeeded;
    private string[] _blamed = [];

    public static string[] Members(Submission submission) =>
        [.. submission.Operations.Select(operation => operation.Subject).Distinct(StringComparer.Ordinal)];

    /// <summary>What it uses of the budget is stored with it.</summary>
    public void Signed(Submission submission)
    {
        OpeningBudget.Take(lease, [.. applicants.InGroup.Select(member => OpeningBudget.GrantOf(member.Request, now()))]);
        applicants.Leave();
    }

    public void Landed(Submission submission, Landing landing)
    {
        OpeningBudget.Keep(lease);
        (_succeeded, _blamed) = (true, []);
    }

    /// <summary>That it came too late, or another took its number, is none of its accounts' doing.</summary>
    public void Refused(Submission submission, Refusal refusal)
    {
        OpeningBudget.Return(lease);
        var codes = refusal.OperationCodes ?? [];
        var blameless = refusal.Code is SubmissionDriver.TooLate or SubmissionDriver.BadSequence || codes.Any(SponsorsFault.Contains);
        _succeeded = blameless ? null : false;
        // Each operation names its account.
        _blamed = blameless
            ? []
            : [.. submission.Operations.Zip(codes)
                .Where(each => each.Second != SubmissionBook.Succeeded).Select(each => each.First.Subject)
                .Distinct(StringComparer.Ordinal)];
    }

    /// <summary>It is stored how a transaction ended.</summary>
    public void Tell(Submission submission)
    {
        var move = _succeeded is true ? OpeningMove.Opened : OpeningMove.Again;
        applicants.End(
            Members(submission), new OpeningStep(move, TransactionHash: submission.PresentHash()), _succeeded, _blamed);
    }
}
