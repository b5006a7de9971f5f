using StellarPay.Frontdoor.Errors;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.PaymentSessions;

/// <summary>What must be had before a session is made.</summary>
internal interface ISessionClaim
{
    /// <summary>Takes it for a session; or says why there is none.</summary>
    Task<Problem?> TakeAsync(PaymentSessionId session, CancellationToken cancellationToken);

    /// <summary>Whether there are only so many of it.</summary>
    bool IsOfStock { get; }

    /// <summary>The payment link or the invoice that it is of; null for neither.</summary>
    string? Origin { get; }

    /// <summary>Gives it back: the session was refused and will never be.</summary>
    Task GiveBackAsync(PaymentSessionId session);
}
