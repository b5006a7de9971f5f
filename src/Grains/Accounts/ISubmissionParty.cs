using StellarPay.Grains.Network;

namespace StellarPay.Grains.Accounts;

/// <summary>
/// To whom some of a transaction's operations belong, by their subjects. Told in the owner's turn, and touches nothing but
/// the state; what of a transaction is others' it passes over.
/// </summary>
internal interface ISubmissionParty
{
    /// <summary>A transaction is signed; it is stored with the write that follows.</summary>
    void Signed(Submission submission);

    /// <summary>The same transaction goes out in another fee-bump.</summary>
    void Bumped(Submission submission)
    {
    }

    /// <summary>The transaction is on the ledger.</summary>
    void Landed(Submission submission, Landing landing);

    /// <summary>The transaction can never be applied, or a ledger holds its failure.</summary>
    void Refused(Submission submission, Refusal refusal);
}

/// <summary>A transaction on the ledger.</summary>
/// <param name="Ledger">The ledger that holds it.</param>
/// <param name="TransactionHash">Under which hash; null where that is not known.</param>
/// <param name="OperationId">The id of one of its operations (SEP-35); null where none is known.</param>
/// <param name="At">When it was learnt, by business time.</param>
internal sealed record Landing(long? Ledger, string? TransactionHash, long? OperationId, DateTimeOffset At);

/// <summary>How a transaction came to nothing.</summary>
/// <param name="Code">Stellar's code for the transaction.</param>
/// <param name="OperationCodes">Stellar's code for each of its operations; null where there are none.</param>
/// <param name="Report">All that was said of it.</param>
/// <param name="At">When it was learnt, by business time.</param>
/// <param name="Unpaid">
/// Whether its time ran out while no fee account had XLM for it. That is the platform's fault, and counts against nobody.
/// </param>
internal sealed record Refusal(string Code, string[]? OperationCodes, SubmissionReport Report, DateTimeOffset At, bool Unpaid = false);
