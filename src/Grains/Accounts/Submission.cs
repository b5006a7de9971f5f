using StellarPay.Grains.Network;

namespace StellarPay.Grains.Accounts;

/// <summary>
/// The one transaction of an account that is signed and not decided: an ordered list of operations, each of which belongs
/// to something. Property names in stored JSON are a contract.
/// </summary>
[GenerateSerializer, Alias("sp.Submission")]
internal sealed class Submission
{
    /// <summary>The most answers of the network that are remembered.</summary>
    public const int MaxAttempts = 10;

    /// <summary>
    /// What is submitted, in base64 XDR: the present fee-bump, in which the signed transaction is; or, where its account pays
    /// for it, that one itself.
    /// </summary>
    [Id(1)] public string Envelope { get; set; } = "";

    [Id(2)] public string InnerHash { get; set; } = "";

    /// <summary>The hash of each fee-bump that was ever made of it, the present one last; its own where there are none.</summary>
    [Id(3)] public List<string> Hashes { get; set; } = [];

    [Id(4)] public long SequenceNumber { get; set; }

    /// <summary>The last moment, by the network's clock, at which a ledger may apply it.</summary>
    [Id(5)] public DateTimeOffset MaxTime { get; set; }

    /// <summary>After this moment, by the network's clock, a higher fee is bid; null where none will be.</summary>
    [Id(6)] public DateTimeOffset? BumpAfter { get; set; }

    /// <summary>The most that is paid for the whole transaction, by the present fee-bump where there is one.</summary>
    [Id(7)] public long FeeStroops { get; set; }

    /// <summary>When it was signed, by business time.</summary>
    [Id(8)] public DateTimeOffset SignedAt { get; set; }

    /// <summary>In the transaction's order: the place in the list is the operation's index.</summary>
    [Id(9)] public List<SubmittedOperation> Operations { get; set; } = [];

    /// <summary>What the network answered: the first answers and the latest.</summary>
    [Id(10)] public List<SubmissionAttempt> Attempts { get; set; } = [];

    /// <summary>The fee account that pays the present fee-bump; null where the account itself pays, and there is none.</summary>
    [Id(11)] public string? Payer { get; set; }

    /// <summary>Whether a payer had too little XLM for it: if its time passes, the platform is to blame, and not its payments.</summary>
    [Id(12)] public bool? Unpaid { get; set; }

    /// <summary>How many of its fee-bumps raised no bid, but had another payer.</summary>
    [Id(13)] public int? Repaid { get; set; }

    /// <summary>The most that may be bid for it, by what it is worth; null for what the platform allows.</summary>
    [Id(14)] public long? MostFeeStroops { get; set; }

    /// <summary>Whether the network asked for more than may be bid: it waits for a cheaper ledger, until its time is over.</summary>
    [Id(15)] public bool? Outbid { get; set; }

    /// <summary>How many bids were made.</summary>
    public int Bids() => Hashes.Count - (Repaid ?? 0);

    /// <summary>The present fee-bump's hash.</summary>
    public string PresentHash() => Hashes[^1];

    public bool HasHash(string? hash) => hash is not null && (hash == InnerHash || Hashes.Contains(hash));

    /// <summary>Which of its operations belongs to something; -1 if none.</summary>
    public int IndexOf(string subject) => Operations.FindIndex(o => o.Subject == subject);

    /// <summary>Remembers an answer. Of many, the first half and the latest are kept.</summary>
    public void Note(SubmissionAttempt attempt)
    {
        if (Attempts.Count >= MaxAttempts)
        {
            Attempts.RemoveAt(MaxAttempts / 2);
        }

        Attempts.Add(attempt);
    }

    /// <summary>What is to be submitted.</summary>
    /// <param name="source">The account.</param>
    /// <param name="waitsForLedger">Whether nothing but the network's answer tells its end.</param>
    public SignedTransaction ToTransaction(string source, bool waitsForLedger) => new(
        source, Envelope, PresentHash(), SequenceNumber, MaxTime, Payer is null ? null : InnerHash, waitsForLedger, BumpAfter, Hashes);
}

/// <summary>One operation of a submission.</summary>
/// <param name="Subject">The id of what it carries out; its prefix says what that is (<c>txn_</c>: a payment).</param>
[GenerateSerializer, Immutable, Alias("sp.SubmissionOperation")]
internal sealed record SubmittedOperation([property: Id(0)] string Subject);

/// <summary>A submission and the network's answer.</summary>
/// <param name="At">When the answer came, by business time.</param>
/// <param name="Bid">Which of the fee-bumps was submitted, from 0.</param>
/// <param name="Outcome">What the answer means.</param>
/// <param name="Code">Stellar's own result code, where there was one.</param>
[GenerateSerializer, Immutable, Alias("sp.SubmissionAttempt")]
internal sealed record SubmissionAttempt(
    [property: Id(0)] DateTimeOffset At,
    [property: Id(1)] int Bid,
    [property: Id(2)] SubmissionOutcome Outcome,
    [property: Id(3)] string? Code);
