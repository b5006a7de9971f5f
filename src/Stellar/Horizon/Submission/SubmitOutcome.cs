namespace StellarPay.Stellar.Horizon;

/// <summary>
/// What to do about a submitted transaction; every answer of Horizon is classified into one of these, once.
/// </summary>
public enum SubmitOutcome
{
    /// <summary>The transaction is in a closed ledger and its operations took effect. Nothing is left to do.</summary>
    Succeeded,

    /// <summary>
    /// It was not taken, but may be later: rate limit, full queue, fee below the present surge price, time bounds not
    /// yet begun, Horizon unavailable or never reached. Submit the same envelope again, after
    /// <see cref="SubmitResult.RetryAfter"/> if there is one, until its time bounds end.
    /// </summary>
    RetrySameEnvelope,

    /// <summary>
    /// Its sequence number is not the next one (tx_bad_seq). It may have been applied by an earlier submission, so look
    /// for its hash first; only if it is not on the ledger, and cannot get there any more, build a new one.
    /// </summary>
    Rebuild,

    /// <summary>
    /// This envelope will not succeed: an operation failed (the transaction is then usually on the ledger, used its
    /// sequence number and paid its fee), it is malformed, badly signed, underfunded, or its time bounds are over.
    /// Where <see cref="SubmitResult.LookUpHashFirst"/> is set, an earlier submission may have succeeded all the same.
    /// </summary>
    Terminal,

    /// <summary>
    /// It may or may not be applied: timeout, 504, reset connection, an answer that cannot be understood, or accepted
    /// without waiting. Look for its hash, and submit the same envelope again until a ledger decides.
    /// </summary>
    Unknown,
}
