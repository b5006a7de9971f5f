using Orleans.Concurrency;
using StellarPay.Grains.Access;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;
using StellarPay.Grains.Scheduling;

namespace StellarPay.Grains.Schedules;

/// <summary>
/// A user's scheduled payments. The key is <see cref="ScheduleBooks.KeyOf"/>. Each occurrence is paid at most once, by the user's
/// wallet, under an idempotency key of its own; a failed one is tried again a few times and then reported.
/// </summary>
[Alias("sp.IScheduleBookGrain"), ForUsers]
public interface IScheduleBookGrain : IWakeable
{
    /// <summary>Makes a schedule. The wallet is asked beside the book's turns.</summary>
    [Alias("Create"), AlwaysInterleave]
    Task<Result<ScheduleView>> CreateAsync(
        UserId caller, ScheduleRequest request, CancellationToken cancellationToken = default);

    /// <summary>The user's schedules that are not over and the 20 that were over last, newest first.</summary>
    [Alias("List")]
    Task<Result<ScheduleView[]>> ListAsync(UserId caller);

    /// <summary>One schedule.</summary>
    [Alias("Get")]
    Task<Result<ScheduleView>> GetAsync(UserId caller, ScheduleId schedule);

    /// <summary>Stops a schedule for a while. An occurrence that is being paid goes on.</summary>
    [Alias("Pause")]
    Task<Result<ScheduleView>> PauseAsync(UserId caller, ScheduleId schedule);

    /// <summary>
    /// Has a paused schedule go on with its next occurrence from now. Where the second factor was shown for it, it is a standing order from
    /// now on, as one that was made so.
    /// </summary>
    [Alias("Resume")]
    Task<Result<ScheduleView>> ResumeAsync(UserId caller, ScheduleId schedule, PayerProof proof = PayerProof.Session);

    /// <summary>Ends a schedule. A payment that was confirmed goes on.</summary>
    [Alias("Cancel")]
    Task<Result<ScheduleView>> CancelAsync(UserId caller, ScheduleId schedule);

    /// <summary>
    /// Ends all, for a user who is being erased: from then on the book keeps none that is over, for they name whom he paid. How many were
    /// not over.
    /// </summary>
    [Alias("Retire")]
    Task<Result<int>> RetireAsync(UserId caller);
}

/// <summary>The keys of users' schedule books: <c>sbk_</c> and the user's own 24 characters.</summary>
public static class ScheduleBooks
{
    private const string Prefix = "sbk_";

    /// <summary>The key of a user's book.</summary>
    public static string KeyOf(UserId user) => Prefix + user.Value[UserId.Prefix.Length..];
}
