using StellarPay.Frontdoor.Auth.Sessions;
using StellarPay.Frontdoor.RateLimits;

namespace StellarPay.Frontdoor.Auth.Users;

/// <summary>Whence a password comes: a stranger's is counted by where he is, a user's by the device that he has logged in with.</summary>
/// <param name="Address">The address.</param>
/// <param name="Client">The program, and the network by which devices are known.</param>
internal sealed record LoginPlace(ClientAddress Address, SessionClient Client)
{
    public static LoginPlace Of(HttpContext context) => new(ClientAddress.Of(context), SessionClient.Of(context));
}
