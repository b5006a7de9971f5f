using StellarPay.Frontdoor.Errors;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Auth.Factors;

/// <summary>
/// Whoever sets up the first second factor of an account gives the password with it: who has found an open screen, or a token of a moment
/// ago, must not lock its owner out by a factor of his own. Who has one already shows that.
/// </summary>
internal sealed class FirstFactor(OwnerProof proof)
{
    private const string Why = "whoever sets up the first second factor of an account may keep everybody else out.";

    /// <summary>Why he may not, or null.</summary>
    public Task<Problem?> CheckAsync(string? password, UserId user, HttpContext context, CancellationToken cancellationToken) =>
        proof.CheckAsync(password, Why, user, context, cancellationToken);
}
