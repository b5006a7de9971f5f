using StellarPay.Frontdoor.Errors;
using StellarPay.Frontdoor.RateLimits;

namespace StellarPay.Frontdoor.Auth.Users;

/// <summary>
/// How often a password is looked at for a name: so often for each network. Whoever comes with a device that is known has so many of his
/// own, though others in his network have used up theirs.
/// </summary>
internal sealed class LoginRation(AccountRateLimit perAccount, LoginDevices devices)
{
    /// <summary>Null if there is room for one more.</summary>
    public async Task<Problem?> TakeAsync(Credentials credentials, LoginPlace place, CancellationToken cancellationToken)
    {
        if (await perAccount.TakeAsync(credentials.Name, place.Address) is not { } refused)
        {
            return null;
        }

        return await devices.FindAsync(credentials.Contact, place, cancellationToken) is { } device
            ? await perAccount.TakeAsync(device)
            : refused;
    }
}
