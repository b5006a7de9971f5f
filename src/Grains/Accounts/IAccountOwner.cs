using StellarPay.Grains.Storage;

namespace StellarPay.Grains.Accounts;

/// <summary>A grain that owns an account, as its account engine sees it.</summary>
internal interface IAccountOwner : IActivation
{
    /// <summary>The stored state; another object after it was read again.</summary>
    IAccountState Account { get; }

    /// <summary>What becomes of its transactions.</summary>
    SubmissionBook Submissions { get; }

    /// <summary>For what it sends transactions, the most urgent first.</summary>
    IReadOnlyList<IAccountWork> Works { get; }

    /// <summary>
    /// Whether the account pays for its transactions itself; else a fee account does, by a fee-bump, and bids higher where that
    /// is too little.
    /// </summary>
    bool PaysOwnFees => false;

    /// <summary>
    /// Whether the owner's inbox tells it how its transactions ended. Where none does, a submission waits for the ledger's
    /// answer, and before each signing the network is asked for the sequence number.
    /// </summary>
    bool HearsOutcomes => true;

    /// <summary>Fault points of tests and chaos.</summary>
    SubmissionFaults Faults => SubmissionFaults.Payment;

    /// <summary>The moment, by the owner's clock of business.</summary>
    DateTimeOffset Now { get; }

    /// <summary>The traces of the requests that caused the present transaction.</summary>
    string[] Traces();

    /// <summary>A transaction is stored, and goes out.</summary>
    void Signed(Submission submission);

    /// <summary>It was decided what becomes of a transaction, and that is stored.</summary>
    /// <param name="submission">The transaction.</param>
    /// <param name="code">Stellar's code for it; null where it succeeded or none is known.</param>
    void Ended(Submission submission, string? code);

    /// <summary>What was needed is not to be had: a wake-up soon.</summary>
    void WakeSoon(TimeSpan? pause = null);
}
