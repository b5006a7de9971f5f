using StellarPay.Grains.Results;

namespace StellarPay.Grains.Accounts;

/// <summary>One kind of thing for which an account sends transactions.</summary>
internal interface IAccountWork
{
    /// <summary>Whether something waits to be signed.</summary>
    bool Waits { get; }

    /// <summary>Whether the platform is to carry a reserve for it.</summary>
    bool NeedsSponsor { get; }

    /// <summary>Whether some of what waits needs nobody to carry a reserve, and can go while nobody does.</summary>
    bool WaitsUnsponsored => Waits && !NeedsSponsor;

    /// <summary>
    /// Asks the outside for what the plan needs besides the usual. Beside the turns, just before <see cref="PlanAsync"/>. Why
    /// nothing can be planned now, or null.
    /// </summary>
    Task<Error?> PrepareAsync(CancellationToken cancellationToken) => Task.FromResult<Error?>(null);

    /// <summary>What the next transaction is to do; null for nothing, or why it cannot be said now. In a turn.</summary>
    Task<Result<SubmissionPlan>?> PlanAsync(SigningFacts facts);
}
