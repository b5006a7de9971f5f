using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Payments;

namespace StellarPay.Grains.TestClocks;

/// <summary>
/// Merchants' test clocks: times that stand until they are moved on. What is made under one asks it what time it is, wherever it runs;
/// nobody else does. There are none where payments are real.
/// </summary>
public interface ITestClocks
{
    /// <summary>What a clock says now; null where it never was, or was deleted with nothing under it.</summary>
    Task<TestClockTime?> FindTimeAsync(string clock, CancellationToken cancellationToken);

    /// <summary>Adds one; false where its merchant has as many as he may.</summary>
    /// <param name="clock">The clock, ready.</param>
    /// <param name="most">How many he may have.</param>
    /// <param name="key">The key under which it is asked for; null for none.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<bool> AddAsync(TestClock clock, int most, RequestKey? key, CancellationToken cancellationToken);

    /// <summary>One of a merchant's; null where it is none of his, or is deleted.</summary>
    Task<TestClock?> FindAsync(MerchantId merchant, TestClockId clock, CancellationToken cancellationToken);

    /// <summary>A page of a merchant's, newest first or from the oldest on; null where the one that is named is none of his.</summary>
    Task<IReadOnlyList<TestClock>?> ListAsync(
        MerchantId merchant, TestClockId? named, bool isBackwards, int limit, CancellationToken cancellationToken);

    /// <summary>Has one go to a later time: <c>moving</c>, <c>advancing</c> already, <c>backwards</c>, or <c>unknown</c>.</summary>
    Task<string> AdvanceAsync(
        MerchantId merchant, TestClockId clock, DateTimeOffset target, RequestKey? key, CancellationToken cancellationToken);

    /// <summary>Deletes one: what lives by it and is open ends where it stands. False where it is none of the merchant's.</summary>
    Task<bool> DeleteAsync(MerchantId merchant, TestClockId clock, CancellationToken cancellationToken);

    /// <summary>
    /// Takes a place under one for what is about to be made: <c>admitted</c>, <c>full</c>, <c>moving</c>, or <c>unknown</c>.
    /// </summary>
    Task<string> AdmitAsync(MerchantId merchant, TestClockId clock, int most, CancellationToken cancellationToken);

    /// <summary>Gives a place back: what was to be made was refused.</summary>
    Task GiveBackAsync(TestClockId clock, CancellationToken cancellationToken);

    /// <summary>Some of a partition's clocks that move, of each merchant one.</summary>
    /// <param name="now">The business time: what is to be deleted by then is.</param>
    /// <param name="partition">Which share, of as many as there are due partitions.</param>
    /// <param name="limit">How many.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<IReadOnlyList<string>> FindMovingAsync(DateTimeOffset now, int partition, int limit, CancellationToken cancellationToken);

    /// <summary>Moves one on to its next stop, unless somebody is due where it stands.</summary>
    /// <param name="clock">Which.</param>
    /// <param name="attempts">How often the same one may be awaited before it is given up.</param>
    /// <param name="pause">In how much time once is counted, however often it is looked at.</param>
    /// <param name="limit">How many of those that are due to return.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<TestClockStep> StepAsync(string clock, int attempts, TimeSpan pause, int limit, CancellationToken cancellationToken);
}

/// <summary>What a test clock says.</summary>
/// <param name="Merchant">Whose it is.</param>
/// <param name="Now">The time.</param>
/// <param name="Ledger">Up to which ledger all was read when it came to stand there.</param>
/// <param name="IsReady">Whether something may be made under it.</param>
/// <param name="IsGone">Whether it is deleted: it stands for ever.</param>
public sealed record TestClockTime(string Merchant, DateTimeOffset Now, long Ledger, bool IsReady, bool IsGone);

/// <summary>A test clock as its merchant sees it.</summary>
/// <param name="Id">Its id, <c>clock_…</c>.</param>
/// <param name="Merchant">Whose it is.</param>
/// <param name="Name">What he calls it, or null.</param>
/// <param name="CreatedAt">When it was made, by business time.</param>
/// <param name="DeletesAfter">When it is deleted by itself, by business time.</param>
/// <param name="FrozenTime">Where it stands.</param>
/// <param name="Target">Whither it goes; null where it stands.</param>
/// <param name="Status"><c>ready</c>, <c>advancing</c> or <c>internal_failure</c>.</param>
public sealed record TestClock(
    TestClockId Id, MerchantId Merchant, string? Name, DateTimeOffset CreatedAt, DateTimeOffset DeletesAfter, DateTimeOffset FrozenTime,
    DateTimeOffset? Target = null, string Status = "ready");

/// <summary>Where a step has brought a clock.</summary>
/// <param name="GoesOn">Whether it goes on.</param>
/// <param name="Due">Who is due where it stands, by the names of their states and their keys; it waits for these.</param>
public sealed record TestClockStep(bool GoesOn, IReadOnlyList<(string StateName, string GrainKey)> Due);
