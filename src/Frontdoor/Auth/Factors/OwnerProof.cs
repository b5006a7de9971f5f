using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Frontdoor.Errors;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Results;

namespace StellarPay.Frontdoor.Auth.Factors;

/// <summary>
/// That it is the owner who asks, and not whoever has found his session: he shows his second factor, or, as long as he has none, gives his
/// password with the request. A login of a moment ago is no substitute: a stolen token may be as young.
/// </summary>
internal sealed class OwnerProof(PasswordCheck passwords, StepUp stepUp)
{
    /// <summary>Why it is not shown, or null.</summary>
    /// <param name="password">The password that came with the request, or null.</param>
    /// <param name="why">Why it is asked for, to end a sentence.</param>
    /// <param name="user">Whose session it is.</param>
    /// <param name="context">The request.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<Problem?> CheckAsync(
        string? password, string why, UserId user, HttpContext context, CancellationToken cancellationToken)
    {
        var session = SessionFacts.Of(context);
        if (session.HasFactor)
        {
            return stepUp.Check(session);
        }

        return string.IsNullOrEmpty(password) || password.Length > PasswordRules.MaxLength
            ? Problem.Of(new Error(ErrorKind.Forbidden, "password_required", $"Send your password with this: {why}", "password"))
            : await passwords.RequireAsync(user, context.User.SessionId()!, password, cancellationToken);
    }
}
