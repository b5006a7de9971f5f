namespace StellarPay.Grains.Network;

/// <summary>How the network answered a submission, classified once (style rule 12).</summary>
[GenerateSerializer, Alias("sp.SubmissionOutcome")]
public enum SubmissionOutcome
{
    /// <summary>It is on a ledger and succeeded.</summary>
    Succeeded,

    /// <summary>The network has it, or asked to be tried again later: the same envelope again.</summary>
    RetrySameEnvelope,

    /// <summary>This envelope cannot be applied as it is (such as a sequence number that has passed): look for the hash first.</summary>
    Rebuild,

    /// <summary>It is on a ledger and failed, or was refused for a reason that no repeat will change.</summary>
    Terminal,

    /// <summary>No answer that tells: look for the hash, submit the same envelope again.</summary>
    Unknown,

    /// <summary>The network has it, and a ledger has yet to decide: look for the hash when one has.</summary>
    Pending,

    /// <summary>Others bid more: the same transaction needs a fee-bump with a higher fee.</summary>
    FeeTooLow,

    /// <summary>Who pays the fee has too little XLM: the same transaction needs a fee-bump that another pays.</summary>
    PayerEmpty,

    /// <summary>The answer has a code that nobody here knows: it is left alone until a ledger says what became of it.</summary>
    Held,
}

/// <summary>An answer to a submission.</summary>
/// <param name="Outcome">What it means.</param>
/// <param name="Code">Stellar's own result code (<c>tx_bad_seq</c>, <c>op_no_trust</c> …) where there is one.</param>
/// <param name="Ledger">The ledger that holds it, where known.</param>
/// <param name="RetryAfter">How long the network asked to wait, or null.</param>
/// <param name="OperationCodes">The result code of each operation, where the transaction failed because of some; else null.</param>
/// <param name="TransactionHash">The hash of the envelope that a ledger holds, where known.</param>
/// <param name="FeeNeededStroops">What the network would have taken for the whole transaction, where it says so.</param>
/// <param name="Reason">Where it is held, what was answered in words.</param>
[GenerateSerializer, Immutable, Alias("sp.SubmissionReport")]
public sealed record SubmissionReport(
    [property: Id(0)] SubmissionOutcome Outcome,
    [property: Id(1)] string? Code = null,
    [property: Id(2)] long? Ledger = null,
    [property: Id(3)] TimeSpan? RetryAfter = null,
    [property: Id(4)] string[]? OperationCodes = null,
    [property: Id(5)] string? TransactionHash = null,
    [property: Id(6)] long? FeeNeededStroops = null,
    [property: Id(7)] string? Reason = null);
