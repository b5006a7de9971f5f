using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Frontdoor.Errors;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Results;

namespace StellarPay.Frontdoor.Auth.Factors;

/// <summary>
/// Whoever sets up the first second factor of an account gives the password with it: who has found an open screen, or a token of a moment
/// ago, must not lock its owner out by a factor of his own. Who has one already shows that (<see cref="StepUpOnly"/>).
/// </summary>
internal sealed class FirstFactor(PasswordCheck passwords)
{
    private static readonly Error PasswordNeeded = new(
        ErrorKind.Forbidden, "password_required",
        "Send your password with this: whoever sets up the first second factor of an account may keep everybody else out.", "password");

    /// <summary>Why he may not, or null.</summary>
    public async Task<Problem?> CheckAsync(string? password, UserId user, HttpContext context, CancellationToken cancellationToken)
    {
        if (SessionFacts.Of(context).HasFactor)
        {
            return null;
        }

        if (string.IsNullOrEmpty(password) || password.Length > PasswordRules.MaxLength)
        {
            return Problem.Of(PasswordNeeded);
        }

        return await passwords.RequireAsync(user, context.User.SessionId()!, password, cancellationToken);
    }
}
