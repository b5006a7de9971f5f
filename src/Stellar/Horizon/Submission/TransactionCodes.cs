namespace StellarPay.Stellar.Horizon;

/// <summary>Result codes of transactions as Horizon spells them, and what to do about each.</summary>
/// <remarks>
/// Source: https://developers.stellar.org/docs/data/apis/horizon/api-reference/errors/result-codes/transactions;
/// Stellar-transaction.x, TransactionResultCode.
/// </remarks>
public static class TransactionCodes
{
    /// <summary>All operations took effect.</summary>
    public const string Success = "tx_success";

    /// <summary>An operation failed; its own code says why.</summary>
    public const string Failed = "tx_failed";

    /// <summary>Before its minimum time or ledger.</summary>
    public const string TooEarly = "tx_too_early";

    /// <summary>After its maximum time or ledger.</summary>
    public const string TooLate = "tx_too_late";

    /// <summary>It has no operations.</summary>
    public const string MissingOperation = "tx_missing_operation";

    /// <summary>Its sequence number is not the account's next one.</summary>
    public const string BadSequence = "tx_bad_seq";

    /// <summary>Too few valid signatures, or the wrong network.</summary>
    public const string BadAuth = "tx_bad_auth";

    /// <summary>The fee would take the account below its reserve.</summary>
    public const string InsufficientBalance = "tx_insufficient_balance";

    /// <summary>The source account does not exist.</summary>
    public const string NoAccount = "tx_no_source_account";

    /// <summary>The fee is too small, at least at the moment.</summary>
    public const string InsufficientFee = "tx_insufficient_fee";

    /// <summary>It carries signatures that are not needed.</summary>
    public const string BadAuthExtra = "tx_bad_auth_extra";

    /// <summary>stellar-core failed.</summary>
    public const string InternalError = "tx_internal_error";

    /// <summary>The network does not support this kind of transaction.</summary>
    public const string NotSupported = "tx_not_supported";

    /// <summary>A fee-bump whose inner transaction succeeded.</summary>
    public const string FeeBumpInnerSuccess = "tx_fee_bump_inner_success";

    /// <summary>A fee-bump whose inner transaction failed; the inner code says why.</summary>
    public const string FeeBumpInnerFailed = "tx_fee_bump_inner_failed";

    /// <summary>Sponsorships were begun and not ended, or the other way round.</summary>
    public const string BadSponsorship = "tx_bad_sponsorship";

    /// <summary>The account's sequence number is too young for its preconditions.</summary>
    public const string BadMinSequenceAgeOrGap = "tx_bad_minseq_age_or_gap";

    /// <summary>It is no valid transaction.</summary>
    public const string Malformed = "tx_malformed";

    /// <summary>Its Soroban data are invalid.</summary>
    public const string SorobanInvalid = "tx_soroban_invalid";

    /// <summary>
    /// It touches a ledger entry that the validators have frozen (CAP-77). It is not taken while that is so, whatever
    /// it bids and however often it is sent.
    /// </summary>
    public const string FrozenKeyAccessed = "tx_frozen_key_accessed";

    /// <summary>What to do about a transaction with this code.</summary>
    /// <param name="code">The code, as Horizon spells it.</param>
    /// <param name="innerCode">The inner transaction's code, if it is a fee-bump.</param>
    /// <returns>The outcome; <see cref="SubmitOutcome.Unknown"/> for a code that is not known.</returns>
    public static SubmitOutcome OutcomeOf(string code, string? innerCode = null) => code switch
    {
        Success or FeeBumpInnerSuccess => SubmitOutcome.Succeeded,
        FeeBumpInnerFailed => InnerOutcomeOf(innerCode),
        BadSequence => SubmitOutcome.Rebuild,
        // Later, or at a later price, the same envelope may be taken.
        TooEarly or BadMinSequenceAgeOrGap or InsufficientFee => SubmitOutcome.RetrySameEnvelope,
        Failed or TooLate or MissingOperation or BadAuth or InsufficientBalance or NoAccount or BadAuthExtra
            or NotSupported or BadSponsorship or Malformed or SorobanInvalid or FrozenKeyAccessed => SubmitOutcome.Terminal,
        // stellar-core failed in the middle of something; what it did is not known. So with codes yet to be invented.
        _ => SubmitOutcome.Unknown,
    };

    /// <summary>
    /// Whether this library knows what the code means. One of a later protocol tells neither that the transaction can
    /// never be applied nor that it may be.
    /// </summary>
    /// <param name="code">The code, as Horizon spells it.</param>
    /// <param name="innerCode">The inner transaction's code, if it is a fee-bump.</param>
    public static bool IsKnown(string code, string? innerCode = null) =>
        (code == FeeBumpInnerFailed ? innerCode ?? "" : code) is var decisive
        && (decisive == InternalError || OutcomeOf(decisive) != SubmitOutcome.Unknown);

    // An inner code that is missing is one that Horizon had no name for.
    private static SubmitOutcome InnerOutcomeOf(string? innerCode) =>
        innerCode is null or FeeBumpInnerFailed
            ? SubmitOutcome.Unknown
            : OutcomeOf(innerCode) is var outcome && outcome == SubmitOutcome.Succeeded
                ? SubmitOutcome.Unknown
                : outcome;
}
