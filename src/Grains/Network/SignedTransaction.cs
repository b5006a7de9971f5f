namespace StellarPay.Grains.Network;

/// <summary>A signed transaction on its way.</summary>
/// <param name="Source">The account whose sequence number it uses.</param>
/// <param name="Envelope">The envelope in base64 XDR: always the same bytes.</param>
/// <param name="Hash">Its hash in lower-case hex.</param>
/// <param name="SequenceNumber">The sequence number that it uses.</param>
/// <param name="MaxTime">The last moment, by the network's clock, at which a ledger may apply it.</param>
/// <param name="InnerHash">Where it is a fee-bump: the hash of what is inside, by which any other bump of it is found too.</param>
/// <param name="WaitsForLedger">
/// Whether a submission waits for the ledger's answer, because nothing else tells of it; false where the follower does.
/// </param>
/// <param name="BumpAfter">After this moment, by the network's clock, a higher fee may be bid; null where none may.</param>
/// <param name="FormerHashes">The hashes of the fee-bumps that this one replaces; null without any.</param>
internal sealed record SignedTransaction(
    string Source, string Envelope, string Hash, long SequenceNumber, DateTimeOffset MaxTime, string? InnerHash = null,
    bool WaitsForLedger = true, DateTimeOffset? BumpAfter = null, IReadOnlyList<string>? FormerHashes = null)
{
    /// <summary>The hash by which it is looked for.</summary>
    public string LookUpHash => InnerHash ?? Hash;

    /// <summary>Every hash under which a ledger may hold it.</summary>
    public IReadOnlyCollection<string> AllHashes() => [LookUpHash, Hash, .. FormerHashes ?? []];
}

/// <summary>Who wants to know how a transaction fares.</summary>
internal interface ISubmissionWatch
{
    /// <summary>The network answered a submission.</summary>
    void Answered(SubmissionReport report);

    /// <summary>The network has the transaction. Said once.</summary>
    Task AcknowledgedAsync(SubmissionReport report);
}
