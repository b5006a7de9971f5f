using Microsoft.Extensions.Options;
using StellarPay.Frontdoor.Errors;
using StellarPay.Grains;

namespace StellarPay.Frontdoor.Auth.Factors;

/// <summary>What the database said of the session of a request that may change something.</summary>
/// <param name="HasFactor">Whether its user has a second factor.</param>
/// <param name="FactorAt">When he last showed it in this session; null where he has not.</param>
/// <param name="CreatedAt">When he logged in.</param>
internal sealed record SessionFacts(bool HasFactor, DateTimeOffset? FactorAt, DateTimeOffset CreatedAt)
{
    /// <summary>Those of a request that <see cref="Sessions.SessionGate"/> looked up.</summary>
    public static SessionFacts Of(HttpContext context) =>
        context.Features.Get<SessionFacts>() ?? throw new InvalidOperationException("The session of this request was not looked up.");
}

/// <summary>
/// Whoever has a second factor must have shown it a few minutes ago to use this endpoint: it gives away much, or changes what protects
/// the user. <see cref="Sessions.SessionGate"/> sees to it, so it is for what is no mere read.
/// </summary>
internal sealed class StepUpOnly
{
    private StepUpOnly()
    {
    }

    public static StepUpOnly Because { get; } = new();
}

/// <summary>Whether a second factor was shown a short time ago.</summary>
internal sealed class StepUp(IOptions<AuthOptions> options, [FromKeyedServices(BusinessTime.Key)] TimeProvider time)
{
    public static Problem Needed { get; } = new(
        StatusCodes.Status403Forbidden,
        ErrorTypes.Permission,
        "step_up_required",
        "Please show your second factor again, at /v1/auth/step-up, and repeat this. Nothing was changed.")
    {
        Methods = SecondFactor.Methods,
    };

    /// <summary>Until when what was shown now lets through.</summary>
    public DateTimeOffset Until => time.GetUtcNow() + options.Value.StepUpFor;

    /// <summary>Why a session may not do it, or null: its user has no factor, or has just shown it.</summary>
    public Problem? Check(SessionFacts session) => !session.HasFactor || IsRecent(session.FactorAt) ? null : Needed;

    /// <summary>Whether the user logged in just now.</summary>
    public bool IsFresh(SessionFacts session) => IsRecent(session.CreatedAt);

    private bool IsRecent(DateTimeOffset? at) => at is { } then && time.GetUtcNow() - then < options.Value.StepUpFor;
}
