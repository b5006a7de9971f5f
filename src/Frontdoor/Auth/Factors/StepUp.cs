using Microsoft.Extensions.Options;
using StellarPay.Frontdoor.Errors;
using StellarPay.Grains;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;

namespace StellarPay.Frontdoor.Auth.Factors;

/// <summary>What the database said of the session of a request that may change something.</summary>
/// <param name="HasFactor">Whether its user has a second factor.</param>
/// <param name="FactorAt">When he last showed it in this session; null where he has not.</param>
/// <param name="Methods">What he can show.</param>
internal sealed record SessionFacts(bool HasFactor, DateTimeOffset? FactorAt, string[] Methods)
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
    private static readonly TimeSpan MostAhead = TimeSpan.FromSeconds(30);

    /// <summary>Until when what was shown now lets through.</summary>
    public DateTimeOffset Until => time.GetUtcNow() + options.Value.StepUpFor;

    /// <summary>Why a session may not do it, or null: its user has no factor, or has just shown it.</summary>
    public Problem? Check(SessionFacts session) =>
        !session.HasFactor || IsRecent(session.FactorAt) ? null : Explain(StepUpRefusal.Required, session);

    /// <summary>What a session stands for, for a wallet that decides whether that is enough for what is asked of it.</summary>
    public PayerProof ProofOf(SessionFacts session) =>
        !session.HasFactor ? PayerProof.Session : IsRecent(session.FactorAt) ? PayerProof.FactorShown : PayerProof.FactorNotShown;

    /// <summary>A failure as a caller is told it: one that asks for the factor names the methods.</summary>
    public static Problem Explain(Error error, SessionFacts session) =>
        error.Code == StepUpRefusal.Required.Code ? Problem.Of(error) with { Methods = session.Methods } : Problem.Of(error);

    // What a front door marked whose clock is ahead is no better than that.
    private bool IsRecent(DateTimeOffset? at) =>
        at is { } then && time.GetUtcNow() - then is var ago && ago < options.Value.StepUpFor && ago >= -MostAhead;
}
